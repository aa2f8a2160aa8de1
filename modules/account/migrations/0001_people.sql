create table account_workspaces (
    id                 {{pk}},
    code               {{text}} not null,
    name               {{text}} not null,
    name_folded        {{text}} not null,
    long_name          {{text}} not null default '',
    iso3_code          {{text}} not null default '',
    business_area_code {{text}} not null default '',
    latitude           double precision,
    longitude          double precision,
    initial_zoom       bigint not null default 8,
    local_currency     {{text}} not null default '',
    created_at         {{time}} not null,
    updated_at         {{time}} not null,
    version            bigint not null default 1,
    constraint account_workspaces_code_key unique (code)
);

create table account_roles (
    id         {{pk}},
    name       {{text}} not null,
    created_at {{time}} not null,
    updated_at {{time}} not null,
    version    bigint not null default 1,
    constraint account_roles_name_key unique (name)
);

create table account_users (
    id                        {{pk}},
    email                     {{text}} not null,
    first_name                {{text}} not null default '',
    middle_name               {{text}} not null default '',
    last_name                 {{text}} not null default '',
    name_folded               {{text}} not null default '',
    is_active                 {{bool}} not null default {{true}},
    is_staff                  {{bool}} not null default {{false}},
    is_superuser              {{bool}} not null default {{false}},
    job_title                 {{text}} not null default '',
    phone_number              {{text}} not null default '',
    language                  {{text}} not null default 'en',
    receive_tpm_notifications {{bool}} not null default {{false}},
    demo_note                 {{text}} not null default '',
    password_hash             {{text}} not null default '',
    generation                bigint not null default 1,
    last_login_at             {{time}},
    current_workspace_id      {{fk}} constraint account_users_workspace_fkey references account_workspaces (id),
    current_organization_id   {{fk}},
    created_at                {{time}} not null,
    updated_at                {{time}} not null,
    version                   bigint not null default 1,
    constraint account_users_email_key unique (email)
);

create index account_users_workspace_idx on account_users (current_workspace_id, first_name);

create table account_grants (
    id              {{pk}},
    user_id         {{fk}} not null constraint account_grants_user_fkey references account_users (id),
    workspace_id    {{fk}} not null constraint account_grants_workspace_fkey references account_workspaces (id),
    organization_id {{fk}} not null constraint account_grants_organization_fkey references organisation_organisations (id),
    role_id         {{fk}} not null constraint account_grants_role_fkey references account_roles (id),
    is_active       {{bool}} not null default {{true}},
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint account_grants_key unique (user_id, workspace_id, organization_id, role_id)
);

create index account_grants_place_idx on account_grants (workspace_id, organization_id, role_id);
