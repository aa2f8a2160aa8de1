-- The health facility that somebody goes to first.
alter table insuree_insurees add column health_facility_id bigint constraint insuree_insurees_health_facility_fkey references facility_health_facilities (id);
alter table insuree_insurees_versions add column health_facility_id bigint;
create index insuree_insurees_health_facility_idx on insuree_insurees (health_facility_id);
