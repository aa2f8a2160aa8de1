-- The catalogue of what can be claimed, and what it costs where.

create table medical_diagnoses (
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
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_diagnoses_uuid_key unique (uuid)
);
create unique index medical_diagnoses_code_key on medical_diagnoses (workspace_id, code) where validity_to is null;
create index medical_diagnoses_code_folded_idx on medical_diagnoses (workspace_id, code_folded);
create index medical_diagnoses_name_folded_idx on medical_diagnoses (workspace_id, name_folded);

create table medical_diagnoses_versions (
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
    constraint medical_diagnoses_versions_key unique (record_id, version),
    constraint medical_diagnoses_versions_past_key unique (past_id)
);
create index medical_diagnoses_versions_uuid_idx on medical_diagnoses_versions (uuid);

create table medical_items (
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
    type              {{text}} not null,
    package           {{text}},
    quantity          bigint,
    price             bigint not null,
    maximum_amount    bigint,
    care_type         {{text}} not null,
    frequency         bigint,
    patient_category  bigint not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_items_uuid_key unique (uuid)
);
create unique index medical_items_code_key on medical_items (workspace_id, code) where validity_to is null;
create index medical_items_code_folded_idx on medical_items (workspace_id, code_folded);
create index medical_items_name_folded_idx on medical_items (workspace_id, name_folded);

create table medical_items_versions (
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
    type              {{text}} not null,
    package           {{text}},
    quantity          bigint,
    price             bigint not null,
    maximum_amount    bigint,
    care_type         {{text}} not null,
    frequency         bigint,
    patient_category  bigint not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    constraint medical_items_versions_key unique (record_id, version),
    constraint medical_items_versions_past_key unique (past_id)
);
create index medical_items_versions_uuid_idx on medical_items_versions (uuid);

create table medical_services (
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
    type              {{text}} not null,
    category          {{text}},
    level             {{text}} not null,
    packagetype       {{text}} not null,
    manual_price      {{bool}} not null,
    price             bigint not null,
    maximum_amount    bigint,
    care_type         {{text}} not null,
    frequency         bigint,
    patient_category  bigint not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_services_uuid_key unique (uuid)
);
create unique index medical_services_code_key on medical_services (workspace_id, code) where validity_to is null;
create index medical_services_code_folded_idx on medical_services (workspace_id, code_folded);
create index medical_services_name_folded_idx on medical_services (workspace_id, name_folded);

create table medical_services_versions (
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
    type              {{text}} not null,
    category          {{text}},
    level             {{text}} not null,
    packagetype       {{text}} not null,
    manual_price      {{bool}} not null,
    price             bigint not null,
    maximum_amount    bigint,
    care_type         {{text}} not null,
    frequency         bigint,
    patient_category  bigint not null,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    constraint medical_services_versions_key unique (record_id, version),
    constraint medical_services_versions_past_key unique (past_id)
);
create index medical_services_versions_uuid_idx on medical_services_versions (uuid);

create table medical_service_items (
    id           {{pk}},
    workspace_id bigint not null,
    parent_id    bigint not null,
    item_id      bigint not null,
    qty_provided bigint,
    price_asked  bigint,
    status       {{bool}} not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint medical_service_items_parent_fkey foreign key (parent_id) references medical_services (id),
    constraint medical_service_items_item_fkey foreign key (item_id) references medical_items (id)
);
create index medical_service_items_parent_idx on medical_service_items (parent_id);
create index medical_service_items_item_idx on medical_service_items (item_id);

create table medical_service_services (
    id           {{pk}},
    workspace_id bigint not null,
    parent_id    bigint not null,
    service_id   bigint not null,
    qty_provided bigint,
    price_asked  bigint,
    status       {{bool}} not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint medical_service_services_parent_fkey foreign key (parent_id) references medical_services (id),
    constraint medical_service_services_service_fkey foreign key (service_id) references medical_services (id)
);
create index medical_service_services_parent_idx on medical_service_services (parent_id);
create index medical_service_services_service_idx on medical_service_services (service_id);

create table medical_items_pricelists (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    name              {{text}} not null,
    name_folded       {{text}} not null,
    pricelist_date    {{date}} not null,
    location_id       bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_items_pricelists_uuid_key unique (uuid),
    constraint medical_items_pricelists_location_id_fkey foreign key (location_id) references location_locations (id)
);
create unique index medical_items_pricelists_name_key on medical_items_pricelists (workspace_id, name) where validity_to is null;
create index medical_items_pricelists_location_id_idx on medical_items_pricelists (location_id);
create index medical_items_pricelists_name_folded_idx on medical_items_pricelists (workspace_id, name_folded);

create table medical_items_pricelists_versions (
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
    name              {{text}} not null,
    name_folded       {{text}} not null,
    pricelist_date    {{date}} not null,
    location_id       bigint,
    constraint medical_items_pricelists_versions_key unique (record_id, version),
    constraint medical_items_pricelists_versions_past_key unique (past_id)
);
create index medical_items_pricelists_versions_uuid_idx on medical_items_pricelists_versions (uuid);

create table medical_items_pricelist_details (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    pricelist_id      bigint not null,
    item_id           bigint not null,
    price_overrule    bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_items_pricelist_details_uuid_key unique (uuid),
    constraint medical_items_pricelist_details_pricelist_id_fkey foreign key (pricelist_id) references medical_items_pricelists (id),
    constraint medical_items_pricelist_details_item_id_fkey foreign key (item_id) references medical_items (id)
);
create unique index medical_items_pricelist_details_item_id_key on medical_items_pricelist_details (workspace_id, pricelist_id, item_id) where validity_to is null;
create index medical_items_pricelist_details_pricelist_id_idx on medical_items_pricelist_details (pricelist_id);
create index medical_items_pricelist_details_item_id_idx on medical_items_pricelist_details (item_id);

create table medical_items_pricelist_details_versions (
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
    pricelist_id      bigint not null,
    item_id           bigint not null,
    price_overrule    bigint,
    constraint medical_items_pricelist_details_versions_key unique (record_id, version),
    constraint medical_items_pricelist_details_versions_past_key unique (past_id)
);
create index medical_items_pricelist_details_versions_uuid_idx on medical_items_pricelist_details_versions (uuid);

create table medical_services_pricelists (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    name              {{text}} not null,
    name_folded       {{text}} not null,
    pricelist_date    {{date}} not null,
    location_id       bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_services_pricelists_uuid_key unique (uuid),
    constraint medical_services_pricelists_location_id_fkey foreign key (location_id) references location_locations (id)
);
create unique index medical_services_pricelists_name_key on medical_services_pricelists (workspace_id, name) where validity_to is null;
create index medical_services_pricelists_location_id_idx on medical_services_pricelists (location_id);
create index medical_services_pricelists_name_folded_idx on medical_services_pricelists (workspace_id, name_folded);

create table medical_services_pricelists_versions (
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
    name              {{text}} not null,
    name_folded       {{text}} not null,
    pricelist_date    {{date}} not null,
    location_id       bigint,
    constraint medical_services_pricelists_versions_key unique (record_id, version),
    constraint medical_services_pricelists_versions_past_key unique (past_id)
);
create index medical_services_pricelists_versions_uuid_idx on medical_services_pricelists_versions (uuid);

create table medical_services_pricelist_details (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    pricelist_id      bigint not null,
    service_id        bigint not null,
    price_overrule    bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint medical_services_pricelist_details_uuid_key unique (uuid),
    constraint medical_services_pricelist_details_pricelist_id_fkey foreign key (pricelist_id) references medical_services_pricelists (id),
    constraint medical_services_pricelist_details_service_id_fkey foreign key (service_id) references medical_services (id)
);
create unique index medical_services_pricelist_details_service_id_key on medical_services_pricelist_details (workspace_id, pricelist_id, service_id) where validity_to is null;
create index medical_services_pricelist_details_pricelist_id_idx on medical_services_pricelist_details (pricelist_id);
create index medical_services_pricelist_details_service_id_idx on medical_services_pricelist_details (service_id);

create table medical_services_pricelist_details_versions (
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
    pricelist_id      bigint not null,
    service_id        bigint not null,
    price_overrule    bigint,
    constraint medical_services_pricelist_details_versions_key unique (record_id, version),
    constraint medical_services_pricelist_details_versions_past_key unique (past_id)
);
create index medical_services_pricelist_details_versions_uuid_idx on medical_services_pricelist_details_versions (uuid);
