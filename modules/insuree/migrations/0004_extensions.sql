-- The values of extension fields, by key, and their texts as searches and orders read them; with the rows of the past, too.
alter table insuree_insurees add column extensions {{json}} not null default '{}';
alter table insuree_insurees add column extensions_folded {{json}} not null default '{}';
alter table insuree_insurees_versions add column extensions {{json}} not null default '{}';
alter table insuree_insurees_versions add column extensions_folded {{json}} not null default '{}';
alter table insuree_families add column extensions {{json}} not null default '{}';
alter table insuree_families add column extensions_folded {{json}} not null default '{}';
alter table insuree_families_versions add column extensions {{json}} not null default '{}';
alter table insuree_families_versions add column extensions_folded {{json}} not null default '{}';
