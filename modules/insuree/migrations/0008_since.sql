-- Closed families stay in the table, and lists with their past show them in the order of all others: the index of those in force alone is of no use to them.
drop index insuree_families_since_idx;
create index insuree_families_since_idx on insuree_families (workspace_id, validity_from, id);
