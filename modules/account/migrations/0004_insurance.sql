-- People, roles and grants as clients of the insurance side know them: a login name beside the e-mail address, which may be missing; roles that hold rights
-- by number; grants for a whole workspace. uuid is filled in when the program starts.
-- +engine postgres
alter table account_users drop constraint account_users_email_key;
alter table account_users add column uuid {{text}};
alter table account_users add column username {{text}};
alter table account_grants alter column organization_id drop not null;
-- +end
-- +engine sqlite
create table account_users_new (
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
    uuid                      {{text}},
    username                  {{text}}
);
insert into account_users_new (id, email, first_name, middle_name, last_name, name_folded, is_active, is_staff, is_superuser, job_title, phone_number, language,
    receive_tpm_notifications, demo_note, password_hash, generation, last_login_at, current_workspace_id, current_organization_id, created_at, updated_at, version)
select id, email, first_name, middle_name, last_name, name_folded, is_active, is_staff, is_superuser, job_title, phone_number, language,
    receive_tpm_notifications, demo_note, password_hash, generation, last_login_at, current_workspace_id, current_organization_id, created_at, updated_at, version
from account_users;
drop table account_users;
alter table account_users_new rename to account_users;
create index account_users_workspace_idx on account_users (current_workspace_id, first_name);

drop view account_members;
create table account_grants_new (
    id              {{pk}},
    user_id         {{fk}} not null constraint account_grants_user_fkey references account_users (id),
    workspace_id    {{fk}} not null constraint account_grants_workspace_fkey references account_workspaces (id),
    organization_id {{fk}} constraint account_grants_organization_fkey references organisation_organisations (id),
    role_id         {{fk}} not null constraint account_grants_role_fkey references account_roles (id),
    is_active       {{bool}} not null default {{true}},
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint account_grants_key unique (user_id, workspace_id, organization_id, role_id)
);
insert into account_grants_new (id, user_id, workspace_id, organization_id, role_id, is_active, created_at, updated_at, version)
select id, user_id, workspace_id, organization_id, role_id, is_active, created_at, updated_at, version from account_grants;
drop table account_grants;
alter table account_grants_new rename to account_grants;
create index account_grants_place_idx on account_grants (workspace_id, organization_id, role_id);
create view account_members as
select g.user_id as id, g.user_id, g.workspace_id, g.organization_id, r.name as role, g.is_active, g.created_at, g.updated_at, g.version
from account_grants g
join account_roles r on r.id = g.role_id;
-- +end

create unique index account_users_email_key on account_users (email) where email <> '';
create unique index account_users_uuid_key on account_users (uuid);
create unique index account_users_username_key on account_users (username);
create unique index account_grants_whole_key on account_grants (user_id, workspace_id, role_id) where organization_id is null;

alter table account_roles add column uuid {{text}};
alter table account_roles add column alt_language {{text}} not null default '';
alter table account_roles add column is_system bigint not null default 0;
alter table account_roles add column is_blocked {{bool}} not null default {{false}};
create unique index account_roles_uuid_key on account_roles (uuid);

create table account_role_rights (
    id         {{pk}},
    role_id    {{fk}} not null constraint account_role_rights_role_fkey references account_roles (id),
    right_id   bigint not null,
    created_at {{time}} not null,
    updated_at {{time}} not null,
    version    bigint not null default 1,
    constraint account_role_rights_key unique (role_id, right_id)
);

-- The roles of people, however many organisations they hold them for.
create view account_user_roles as
select distinct user_id, role_id from account_grants where is_active = {{true}};

-- Links by which somebody chooses a new password, once.
create table account_password_links (
    id         {{pk}},
    user_id    {{fk}} not null constraint account_password_links_user_fkey references account_users (id),
    token_hash {{text}} not null,
    expires_at {{time}} not null,
    created_at {{time}} not null,
    constraint account_password_links_token_key unique (token_hash)
);

create index account_password_links_user_idx on account_password_links (user_id);

-- The languages of the program, for clients that ask for them as records.
create view account_languages as
select 1 as id, 'en' as code, 'English' as name, 1 as sort_order
union all select 2, 'fr', 'Français', 2
union all select 3, 'es', 'Español', 3
union all select 4, 'ar', 'العربية', 4;
