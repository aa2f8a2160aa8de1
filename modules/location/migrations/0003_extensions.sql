-- The values of extension fields, by key, and their texts as searches and orders read them.
alter table location_locations add column extensions {{json}} not null default '{}';
alter table location_locations add column extensions_folded {{json}} not null default '{}';
