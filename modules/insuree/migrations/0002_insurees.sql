-- Why somebody is inactive or dead: a list that a scheme makes for itself.
create table insuree_status_reasons (
    id            {{pk}},
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    code          {{text}} not null,
    name          {{text}} not null,
    name_folded   {{text}} not null,
    status_type   {{text}} not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    constraint insuree_status_reasons_uuid_key unique (uuid),
    constraint insuree_status_reasons_status_type_check check (status_type in ('AC', 'IN', 'DE'))
);

create unique index insuree_status_reasons_code_key on insuree_status_reasons (workspace_id, code) where validity_to is null;

create table insuree_status_reasons_versions (
    id            {{pk}},
    record_id     bigint not null,
    version       bigint not null,
    changed_at    {{time}} not null,
    changed_by    bigint not null,
    lists         {{json}} not null,
    past_id       bigint,
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    code          {{text}} not null,
    name          {{text}} not null,
    name_folded   {{text}} not null,
    status_type   {{text}} not null,
    constraint insuree_status_reasons_versions_key unique (record_id, version),
    constraint insuree_status_reasons_versions_past_key unique (past_id)
);

create index insuree_status_reasons_versions_uuid_idx on insuree_status_reasons_versions (uuid);

-- A family names its head and an insuree names the family, so one of the two is no foreign key of the database. Only an import makes families before their heads.
create table insuree_families (
    id                     {{pk}},
    workspace_id           bigint not null,
    uuid                   {{text}} not null,
    legacy_id              bigint,
    validity_from          {{time}} not null,
    validity_to            {{time}},
    head_insuree_id        bigint,
    location_id            bigint,
    poverty                {{bool}},
    family_type_id         bigint,
    address                {{text}} not null default '',
    address_folded         {{text}} not null default '',
    is_offline             {{bool}} not null default {{false}},
    ethnicity              {{text}} not null default '',
    confirmation_no        {{text}} not null default '',
    confirmation_no_folded {{text}} not null default '',
    confirmation_type_id   bigint,
    json_ext               {{json}},
    created_at             {{time}} not null,
    updated_at             {{time}} not null,
    version                bigint not null default 1,
    constraint insuree_families_uuid_key unique (uuid),
    constraint insuree_families_location_fkey foreign key (location_id) references location_locations (id),
    constraint insuree_families_family_type_fkey foreign key (family_type_id) references insuree_family_types (id),
    constraint insuree_families_confirmation_type_fkey foreign key (confirmation_type_id) references insuree_confirmation_types (id)
);

-- Somebody is the head of one family at most.
create unique index insuree_families_head_key on insuree_families (workspace_id, head_insuree_id) where validity_to is null;
create index insuree_families_head_idx on insuree_families (head_insuree_id);
create index insuree_families_location_idx on insuree_families (location_id);
create index insuree_families_since_idx on insuree_families (workspace_id, validity_from, id) where validity_to is null;
create index insuree_families_confirmation_no_idx on insuree_families (workspace_id, confirmation_no_folded);
{{search insuree_families address_folded}};

create table insuree_families_versions (
    id                     {{pk}},
    record_id              bigint not null,
    version                bigint not null,
    changed_at             {{time}} not null,
    changed_by             bigint not null,
    lists                  {{json}} not null,
    past_id                bigint,
    workspace_id           bigint not null,
    uuid                   {{text}} not null,
    legacy_id              bigint,
    validity_from          {{time}} not null,
    validity_to            {{time}},
    head_insuree_id        bigint,
    location_id            bigint,
    poverty                {{bool}},
    family_type_id         bigint,
    address                {{text}} not null default '',
    address_folded         {{text}} not null default '',
    is_offline             {{bool}} not null default {{false}},
    ethnicity              {{text}} not null default '',
    confirmation_no        {{text}} not null default '',
    confirmation_no_folded {{text}} not null default '',
    confirmation_type_id   bigint,
    json_ext               {{json}},
    constraint insuree_families_versions_key unique (record_id, version),
    constraint insuree_families_versions_past_key unique (past_id)
);

create index insuree_families_versions_uuid_idx on insuree_families_versions (uuid);

-- place_id is where somebody is for the rule who may see him: the current village, else that of the family.
create table insuree_insurees (
    id                 {{pk}},
    workspace_id       bigint not null,
    uuid               {{text}} not null,
    legacy_id          bigint,
    validity_from      {{time}} not null,
    validity_to        {{time}},
    family_id          bigint,
    chf_id             {{text}} not null,
    chf_id_folded      {{text}} not null,
    last_name          {{text}} not null,
    last_name_folded   {{text}} not null,
    other_names        {{text}} not null,
    other_names_folded {{text}} not null,
    gender_id          bigint,
    dob                {{date}},
    head               {{bool}} not null default {{false}},
    marital            {{text}},
    passport           {{text}} not null default '',
    passport_folded    {{text}} not null default '',
    type_of_id_id      bigint,
    phone              {{text}} not null default '',
    phone_folded       {{text}} not null default '',
    email              {{text}} not null default '',
    email_folded       {{text}} not null default '',
    current_address    {{text}} not null default '',
    geolocation        {{text}} not null default '',
    current_village_id bigint,
    place_id           bigint,
    photo_id           bigint,
    photo_date         {{date}},
    card_issued        {{bool}} not null default {{false}},
    relationship_id    bigint,
    profession_id      bigint,
    education_id       bigint,
    offline            {{bool}} not null default {{false}},
    status             {{text}} not null default 'AC',
    status_date        {{date}},
    status_reason_id   bigint,
    json_ext           {{json}},
    created_at         {{time}} not null,
    updated_at         {{time}} not null,
    version            bigint not null default 1,
    constraint insuree_insurees_uuid_key unique (uuid),
    constraint insuree_insurees_family_fkey foreign key (family_id) references insuree_families (id),
    constraint insuree_insurees_gender_fkey foreign key (gender_id) references insuree_genders (id),
    constraint insuree_insurees_type_of_id_fkey foreign key (type_of_id_id) references insuree_identification_types (id),
    constraint insuree_insurees_current_village_fkey foreign key (current_village_id) references location_locations (id),
    constraint insuree_insurees_place_fkey foreign key (place_id) references location_locations (id),
    constraint insuree_insurees_relationship_fkey foreign key (relationship_id) references insuree_relations (id),
    constraint insuree_insurees_profession_fkey foreign key (profession_id) references insuree_professions (id),
    constraint insuree_insurees_education_fkey foreign key (education_id) references insuree_educations (id),
    constraint insuree_insurees_status_reason_fkey foreign key (status_reason_id) references insuree_status_reasons (id),
    constraint insuree_insurees_status_check check (status in ('AC', 'IN', 'DE')),
    constraint insuree_insurees_marital_check check (marital in ('N', 'W', 'S', 'D', 'M'))
);

create unique index insuree_insurees_chf_id_key on insuree_insurees (workspace_id, chf_id) where validity_to is null;
create index insuree_insurees_chf_id_idx on insuree_insurees (workspace_id, chf_id_folded, id);
create index insuree_insurees_last_name_idx on insuree_insurees (workspace_id, last_name_folded, id);
create index insuree_insurees_other_names_idx on insuree_insurees (workspace_id, other_names_folded, id);
create index insuree_insurees_dob_idx on insuree_insurees (workspace_id, dob, id);
create index insuree_insurees_since_idx on insuree_insurees (workspace_id, validity_from, id);
create index insuree_insurees_passport_idx on insuree_insurees (workspace_id, passport_folded) where passport_folded <> '';
create index insuree_insurees_family_idx on insuree_insurees (family_id);
create index insuree_insurees_place_idx on insuree_insurees (place_id, chf_id_folded);
{{search insuree_insurees chf_id_folded}};
{{search insuree_insurees last_name_folded}};
{{search insuree_insurees other_names_folded}};
{{search insuree_insurees phone_folded}};
{{search insuree_insurees email_folded}};

create table insuree_insurees_versions (
    id                 {{pk}},
    record_id          bigint not null,
    version            bigint not null,
    changed_at         {{time}} not null,
    changed_by         bigint not null,
    lists              {{json}} not null,
    past_id            bigint,
    workspace_id       bigint not null,
    uuid               {{text}} not null,
    legacy_id          bigint,
    validity_from      {{time}} not null,
    validity_to        {{time}},
    family_id          bigint,
    chf_id             {{text}} not null,
    chf_id_folded      {{text}} not null,
    last_name          {{text}} not null,
    last_name_folded   {{text}} not null,
    other_names        {{text}} not null,
    other_names_folded {{text}} not null,
    gender_id          bigint,
    dob                {{date}},
    head               {{bool}} not null default {{false}},
    marital            {{text}},
    passport           {{text}} not null default '',
    passport_folded    {{text}} not null default '',
    type_of_id_id      bigint,
    phone              {{text}} not null default '',
    phone_folded       {{text}} not null default '',
    email              {{text}} not null default '',
    email_folded       {{text}} not null default '',
    current_address    {{text}} not null default '',
    geolocation        {{text}} not null default '',
    current_village_id bigint,
    place_id           bigint,
    photo_id           bigint,
    photo_date         {{date}},
    card_issued        {{bool}} not null default {{false}},
    relationship_id    bigint,
    profession_id      bigint,
    education_id       bigint,
    offline            {{bool}} not null default {{false}},
    status             {{text}} not null default 'AC',
    status_date        {{date}},
    status_reason_id   bigint,
    json_ext           {{json}},
    constraint insuree_insurees_versions_key unique (record_id, version),
    constraint insuree_insurees_versions_past_key unique (past_id)
);

create index insuree_insurees_versions_uuid_idx on insuree_insurees_versions (uuid);

create table insuree_photos (
    id            {{pk}},
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    insuree_id    bigint not null,
    chf_id        {{text}} not null default '',
    folder        {{text}} not null default '',
    filename      {{text}} not null default '',
    blob_key      {{text}} not null default '',
    content_type  {{text}} not null default '',
    sha256        {{text}} not null default '',
    size          bigint,
    officer_id    bigint,
    date          {{date}} not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    constraint insuree_photos_uuid_key unique (uuid),
    constraint insuree_photos_insuree_fkey foreign key (insuree_id) references insuree_insurees (id)
);

create index insuree_photos_insuree_idx on insuree_photos (insuree_id);
create index insuree_photos_blob_idx on insuree_photos (blob_key) where blob_key <> '';

create table insuree_photos_versions (
    id            {{pk}},
    record_id     bigint not null,
    version       bigint not null,
    changed_at    {{time}} not null,
    changed_by    bigint not null,
    lists         {{json}} not null,
    past_id       bigint,
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    insuree_id    bigint not null,
    chf_id        {{text}} not null default '',
    folder        {{text}} not null default '',
    filename      {{text}} not null default '',
    blob_key      {{text}} not null default '',
    content_type  {{text}} not null default '',
    sha256        {{text}} not null default '',
    size          bigint,
    officer_id    bigint,
    date          {{date}} not null,
    constraint insuree_photos_versions_key unique (record_id, version),
    constraint insuree_photos_versions_past_key unique (past_id)
);

create index insuree_photos_versions_uuid_idx on insuree_photos_versions (uuid);
