-- The values of extension fields, by key, and their texts as searches and orders read them.
alter table tpm_visits add column extensions {{json}} not null default '{}';
alter table tpm_visits add column extensions_folded {{json}} not null default '{}';
alter table tpm_tasks add column extensions {{json}} not null default '{}';
alter table tpm_tasks add column extensions_folded {{json}} not null default '{}';
alter table tpm_firms add column extensions {{json}} not null default '{}';
alter table tpm_firms add column extensions_folded {{json}} not null default '{}';
alter table tpm_visits_versions add column extensions {{json}} not null default '{}';
alter table tpm_tasks_versions add column extensions {{json}} not null default '{}';
