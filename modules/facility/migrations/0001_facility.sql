-- Health facilities, the codes that describe them, and the villages that they serve.

create table facility_legal_forms (
    id           {{pk}},
    code         {{text}} not null,
    name         {{text}} not null,
    sort_order   bigint,
    alt_language {{text}},
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint facility_legal_forms_code_key unique (code)
);

create table facility_sub_levels (
    id           {{pk}},
    code         {{text}} not null,
    name         {{text}} not null,
    sort_order   bigint,
    alt_language {{text}},
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint facility_sub_levels_code_key unique (code)
);

create table facility_health_facilities (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    code              {{text}} not null,
    code_folded       {{text}} not null,
    name              {{text}} not null,
    name_folded       {{text}} not null,
    acc_code          {{text}},
    legal_form_id     bigint not null,
    level             {{text}} not null,
    sub_level_id      bigint,
    location_id       bigint not null,
    address           {{text}},
    phone             {{text}},
    fax               {{text}},
    email             {{text}},
    care_type         {{text}} not null,
    services_pricelist_id bigint,
    items_pricelist_id bigint,
    offline           {{bool}} not null,
    contract_start_date {{date}},
    contract_end_date {{date}},
    status            {{text}} not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint facility_health_facilities_uuid_key unique (uuid),
    constraint facility_health_facilities_legal_form_id_fkey foreign key (legal_form_id) references facility_legal_forms (id),
    constraint facility_health_facilities_sub_level_id_fkey foreign key (sub_level_id) references facility_sub_levels (id),
    constraint facility_health_facilities_location_id_fkey foreign key (location_id) references location_locations (id),
    constraint facility_health_facilities_services_pricelist_id_fkey foreign key (services_pricelist_id) references medical_services_pricelists (id),
    constraint facility_health_facilities_items_pricelist_id_fkey foreign key (items_pricelist_id) references medical_items_pricelists (id)
);
create unique index facility_health_facilities_code_key on facility_health_facilities (workspace_id, code) where validity_to is null;
create index facility_health_facilities_location_id_idx on facility_health_facilities (location_id);
create index facility_health_facilities_legal_form_id_idx on facility_health_facilities (legal_form_id);
create index facility_health_facilities_sub_level_id_idx on facility_health_facilities (sub_level_id);
create index facility_health_facilities_services_pricelist_id_idx on facility_health_facilities (services_pricelist_id);
create index facility_health_facilities_items_pricelist_id_idx on facility_health_facilities (items_pricelist_id);
create index facility_health_facilities_code_folded_idx on facility_health_facilities (workspace_id, code_folded);
create index facility_health_facilities_name_folded_idx on facility_health_facilities (workspace_id, name_folded);

create table facility_health_facilities_versions (
    id                {{pk}},
    record_id         bigint not null,
    version           bigint not null,
    changed_at        {{time}} not null,
    changed_by        bigint not null,
    lists             {{json}} not null,
    past_id           bigint,
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    code              {{text}} not null,
    code_folded       {{text}} not null,
    name              {{text}} not null,
    name_folded       {{text}} not null,
    acc_code          {{text}},
    legal_form_id     bigint not null,
    level             {{text}} not null,
    sub_level_id      bigint,
    location_id       bigint not null,
    address           {{text}},
    phone             {{text}},
    fax               {{text}},
    email             {{text}},
    care_type         {{text}} not null,
    services_pricelist_id bigint,
    items_pricelist_id bigint,
    offline           {{bool}} not null,
    contract_start_date {{date}},
    contract_end_date {{date}},
    status            {{text}} not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    constraint facility_health_facilities_versions_key unique (record_id, version),
    constraint facility_health_facilities_versions_past_key unique (past_id)
);
create index facility_health_facilities_versions_uuid_idx on facility_health_facilities_versions (uuid);

create table facility_catchments (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    facility_id       bigint not null,
    location_id       bigint not null,
    catchment         bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint facility_catchments_uuid_key unique (uuid),
    constraint facility_catchments_facility_id_fkey foreign key (facility_id) references facility_health_facilities (id),
    constraint facility_catchments_location_id_fkey foreign key (location_id) references location_locations (id)
);
create unique index facility_catchments_location_id_key on facility_catchments (workspace_id, facility_id, location_id) where validity_to is null;
create index facility_catchments_facility_id_idx on facility_catchments (facility_id);
create index facility_catchments_location_id_idx on facility_catchments (location_id);

create table facility_catchments_versions (
    id                {{pk}},
    record_id         bigint not null,
    version           bigint not null,
    changed_at        {{time}} not null,
    changed_by        bigint not null,
    lists             {{json}} not null,
    past_id           bigint,
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    facility_id       bigint not null,
    location_id       bigint not null,
    catchment         bigint,
    constraint facility_catchments_versions_key unique (record_id, version),
    constraint facility_catchments_versions_past_key unique (past_id)
);
create index facility_catchments_versions_uuid_idx on facility_catchments_versions (uuid);
