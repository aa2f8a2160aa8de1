-- Enrolment officers with the villages that they work in, claim administrators of health facilities, and the facilities that people who sign in belong to.

create table officer_officers (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    code              {{text}} not null,
    code_folded       {{text}} not null,
    last_name         {{text}} not null,
    last_name_folded  {{text}} not null,
    other_names       {{text}} not null,
    other_names_folded {{text}} not null,
    dob               {{date}},
    phone             {{text}} not null default '',
    email             {{text}} not null default '',
    address           {{text}} not null default '',
    location_id       bigint,
    substitution_officer_id bigint,
    works_to          {{date}},
    veo_code          {{text}} not null default '',
    veo_last_name     {{text}} not null default '',
    veo_other_names   {{text}} not null default '',
    veo_dob           {{date}},
    veo_phone         {{text}} not null default '',
    phone_communication {{bool}} not null default {{false}},
    has_login         {{bool}} not null default {{false}},
    user_id           bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint officer_officers_uuid_key unique (uuid),
    constraint officer_officers_location_fkey foreign key (location_id) references location_locations (id),
    constraint officer_officers_substitution_officer_fkey foreign key (substitution_officer_id) references officer_officers (id),
    constraint officer_officers_user_fkey foreign key (user_id) references account_users (id)
);
create unique index officer_officers_code_key on officer_officers (workspace_id, code) where validity_to is null;
create unique index officer_officers_user_key on officer_officers (workspace_id, user_id) where validity_to is null;
create index officer_officers_code_folded_idx on officer_officers (workspace_id, code_folded);
create index officer_officers_last_name_folded_idx on officer_officers (workspace_id, last_name_folded);
create index officer_officers_other_names_folded_idx on officer_officers (workspace_id, other_names_folded);
create index officer_officers_user_id_idx on officer_officers (user_id);
create index officer_officers_location_id_idx on officer_officers (location_id);
create index officer_officers_substitution_officer_id_idx on officer_officers (substitution_officer_id);

create table officer_officers_versions (
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
    last_name         {{text}} not null,
    last_name_folded  {{text}} not null,
    other_names       {{text}} not null,
    other_names_folded {{text}} not null,
    dob               {{date}},
    phone             {{text}} not null default '',
    email             {{text}} not null default '',
    address           {{text}} not null default '',
    location_id       bigint,
    substitution_officer_id bigint,
    works_to          {{date}},
    veo_code          {{text}} not null default '',
    veo_last_name     {{text}} not null default '',
    veo_other_names   {{text}} not null default '',
    veo_dob           {{date}},
    veo_phone         {{text}} not null default '',
    phone_communication {{bool}} not null default {{false}},
    has_login         {{bool}} not null default {{false}},
    user_id           bigint,
    constraint officer_officers_versions_key unique (record_id, version),
    constraint officer_officers_versions_past_key unique (past_id)
);
create index officer_officers_versions_uuid_idx on officer_officers_versions (uuid);

create table officer_villages (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    officer_id        bigint not null,
    location_id       bigint not null,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint officer_villages_uuid_key unique (uuid),
    constraint officer_villages_officer_fkey foreign key (officer_id) references officer_officers (id),
    constraint officer_villages_location_fkey foreign key (location_id) references location_locations (id)
);
create unique index officer_villages_location_id_key on officer_villages (workspace_id, officer_id, location_id) where validity_to is null;
create index officer_villages_officer_id_idx on officer_villages (officer_id);
create index officer_villages_location_id_idx on officer_villages (location_id);

create table officer_villages_versions (
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
    officer_id        bigint not null,
    location_id       bigint not null,
    constraint officer_villages_versions_key unique (record_id, version),
    constraint officer_villages_versions_past_key unique (past_id)
);
create index officer_villages_versions_uuid_idx on officer_villages_versions (uuid);

create table officer_claim_admins (
    id                {{pk}},
    workspace_id      bigint not null,
    uuid              {{text}} not null,
    legacy_id         bigint,
    validity_from     {{time}} not null,
    validity_to       {{time}},
    code              {{text}} not null,
    code_folded       {{text}} not null,
    last_name         {{text}} not null,
    last_name_folded  {{text}} not null,
    other_names       {{text}} not null,
    other_names_folded {{text}} not null,
    dob               {{date}},
    phone             {{text}} not null default '',
    email             {{text}} not null default '',
    health_facility_id bigint,
    has_login         {{bool}} not null default {{false}},
    user_id           bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint officer_claim_admins_uuid_key unique (uuid),
    constraint officer_claim_admins_health_facility_fkey foreign key (health_facility_id) references facility_health_facilities (id),
    constraint officer_claim_admins_user_fkey foreign key (user_id) references account_users (id)
);
create unique index officer_claim_admins_code_key on officer_claim_admins (workspace_id, code) where validity_to is null;
create unique index officer_claim_admins_user_key on officer_claim_admins (workspace_id, user_id) where validity_to is null;
create index officer_claim_admins_code_folded_idx on officer_claim_admins (workspace_id, code_folded);
create index officer_claim_admins_last_name_folded_idx on officer_claim_admins (workspace_id, last_name_folded);
create index officer_claim_admins_other_names_folded_idx on officer_claim_admins (workspace_id, other_names_folded);
create index officer_claim_admins_user_id_idx on officer_claim_admins (user_id);
create index officer_claim_admins_health_facility_id_idx on officer_claim_admins (health_facility_id);

create table officer_claim_admins_versions (
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
    last_name         {{text}} not null,
    last_name_folded  {{text}} not null,
    other_names       {{text}} not null,
    other_names_folded {{text}} not null,
    dob               {{date}},
    phone             {{text}} not null default '',
    email             {{text}} not null default '',
    health_facility_id bigint,
    has_login         {{bool}} not null default {{false}},
    user_id           bigint,
    constraint officer_claim_admins_versions_key unique (record_id, version),
    constraint officer_claim_admins_versions_past_key unique (past_id)
);
create index officer_claim_admins_versions_uuid_idx on officer_claim_admins_versions (uuid);

create table officer_postings (
    id                 {{pk}},
    workspace_id       bigint not null,
    user_id            bigint not null,
    health_facility_id bigint not null,
    created_at         {{time}} not null,
    updated_at         {{time}} not null,
    version            bigint not null default 1,
    constraint officer_postings_user_key unique (workspace_id, user_id),
    constraint officer_postings_user_fkey foreign key (user_id) references account_users (id),
    constraint officer_postings_health_facility_fkey foreign key (health_facility_id) references facility_health_facilities (id)
);
create index officer_postings_user_id_idx on officer_postings (user_id);
create index officer_postings_health_facility_id_idx on officer_postings (health_facility_id);
