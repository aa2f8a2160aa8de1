-- What was in a bundle, and for how much.

create table medical_service_items_versions (
    id           {{pk}},
    record_id    bigint not null,
    version      bigint not null,
    changed_at   {{time}} not null,
    changed_by   bigint not null,
    lists        {{json}} not null,
    parent_id    bigint not null,
    item_id      bigint not null,
    qty_provided bigint,
    price_asked  bigint,
    status       {{bool}} not null,
    constraint medical_service_items_versions_key unique (record_id, version)
);
insert into medical_service_items_versions (record_id, version, changed_at, changed_by, lists, parent_id, item_id, qty_provided, price_asked, status)
    select id, version, updated_at, 0, '{}', parent_id, item_id, qty_provided, price_asked, status from medical_service_items;

create table medical_service_services_versions (
    id           {{pk}},
    record_id    bigint not null,
    version      bigint not null,
    changed_at   {{time}} not null,
    changed_by   bigint not null,
    lists        {{json}} not null,
    parent_id    bigint not null,
    service_id   bigint not null,
    qty_provided bigint,
    price_asked  bigint,
    status       {{bool}} not null,
    constraint medical_service_services_versions_key unique (record_id, version)
);
insert into medical_service_services_versions (record_id, version, changed_at, changed_by, lists, parent_id, service_id, qty_provided, price_asked, status)
    select id, version, updated_at, 0, '{}', parent_id, service_id, qty_provided, price_asked, status from medical_service_services;
