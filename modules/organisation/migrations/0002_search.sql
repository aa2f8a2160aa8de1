-- Words are looked for in folded text only, through an index.
alter table organisation_organisations add column vendor_number_folded {{text}} not null default '';
alter table organisation_organisations add column short_name_folded {{text}} not null default '';
update organisation_organisations set vendor_number_folded = lower(vendor_number), short_name_folded = lower(short_name);

create index organisation_organisations_vendor_number_idx on organisation_organisations (vendor_number_folded);
create index organisation_organisations_type_idx on organisation_organisations (type);
create index organisation_organisations_cso_type_idx on organisation_organisations (cso_type);
create index organisation_agreements_status_idx on organisation_agreements (workspace_id, status, id);
create index organisation_agreements_document_type_idx on organisation_agreements (workspace_id, document_type, id);

{{search organisation_organisations name_folded}};
{{search organisation_organisations vendor_number_folded}};
{{search organisation_organisations short_name_folded}};
{{search organisation_agreements number_folded}};
{{search organisation_agreements title_folded}};
