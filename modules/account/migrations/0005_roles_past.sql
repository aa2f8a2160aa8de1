-- Roles, and the rights that they hold, get a validity and keep their past as rows; what ended leaves its name to others.
drop view account_members;
drop view account_user_roles;

alter table account_roles add column legacy_id bigint;
alter table account_roles add column validity_from {{time}};
alter table account_roles add column validity_to {{time}};
alter table account_role_rights add column uuid {{text}};
alter table account_role_rights add column legacy_id bigint;
alter table account_role_rights add column validity_from {{time}};
alter table account_role_rights add column validity_to {{time}};
update account_roles set validity_from = updated_at;
-- +engine sqlite
update account_roles set uuid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))) where uuid is null;
update account_role_rights set validity_from = created_at, uuid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));

create table account_roles_new (
    id            {{pk}},
    name          {{text}} not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    uuid          {{text}} not null,
    alt_language  {{text}} not null default '',
    is_system     bigint not null default 0,
    is_blocked    {{bool}} not null default {{false}},
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}}
);
insert into account_roles_new (id, name, created_at, updated_at, version, uuid, alt_language, is_system, is_blocked, legacy_id, validity_from, validity_to)
select id, name, created_at, updated_at, version, uuid, alt_language, is_system, is_blocked, legacy_id, validity_from, validity_to from account_roles;
drop table account_roles;
alter table account_roles_new rename to account_roles;

create table account_role_rights_new (
    id            {{pk}},
    role_id       {{fk}} not null constraint account_role_rights_role_fkey references account_roles (id),
    right_id      bigint not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}}
);
insert into account_role_rights_new (id, role_id, right_id, created_at, updated_at, version, uuid, legacy_id, validity_from, validity_to)
select id, role_id, right_id, created_at, updated_at, version, uuid, legacy_id, validity_from, validity_to from account_role_rights;
drop table account_role_rights;
alter table account_role_rights_new rename to account_role_rights;
-- +end
-- +engine postgres
update account_roles set uuid = cast(gen_random_uuid() as text) where uuid is null;
update account_role_rights set validity_from = created_at, uuid = cast(gen_random_uuid() as text);
alter table account_roles alter column uuid set not null;
alter table account_roles alter column validity_from set not null;
alter table account_roles drop constraint account_roles_name_key;
drop index account_roles_uuid_key;
alter table account_role_rights alter column uuid set not null;
alter table account_role_rights alter column validity_from set not null;
alter table account_role_rights drop constraint account_role_rights_key;
-- +end
create unique index account_roles_uuid_key on account_roles (uuid);
create unique index account_roles_name_key on account_roles (name) where validity_to is null;
create unique index account_role_rights_uuid_key on account_role_rights (uuid);
create unique index account_role_rights_key on account_role_rights (role_id, right_id) where validity_to is null;

create table account_roles_versions (
    id            {{pk}},
    record_id     bigint not null,
    version       bigint not null,
    changed_at    {{time}} not null,
    changed_by    bigint not null,
    lists         {{json}} not null,
    past_id       bigint,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    name          {{text}} not null,
    alt_language  {{text}} not null,
    is_system     bigint not null,
    is_blocked    {{bool}} not null,
    constraint account_roles_versions_key unique (record_id, version),
    constraint account_roles_versions_past_key unique (past_id)
);
create index account_roles_versions_uuid_idx on account_roles_versions (uuid);
insert into account_roles_versions (record_id, version, changed_at, changed_by, lists, uuid, validity_from, name, alt_language, is_system, is_blocked)
select id, version, updated_at, 0, '{}', uuid, validity_from, name, alt_language, is_system, is_blocked from account_roles;

create table account_role_rights_versions (
    id            {{pk}},
    record_id     bigint not null,
    version       bigint not null,
    changed_at    {{time}} not null,
    changed_by    bigint not null,
    lists         {{json}} not null,
    past_id       bigint,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    role_id       bigint not null,
    right_id      bigint not null,
    constraint account_role_rights_versions_key unique (record_id, version),
    constraint account_role_rights_versions_past_key unique (past_id)
);
create index account_role_rights_versions_uuid_idx on account_role_rights_versions (uuid);
insert into account_role_rights_versions (record_id, version, changed_at, changed_by, lists, uuid, validity_from, role_id, right_id)
select id, version, updated_at, 0, '{}', uuid, validity_from, role_id, right_id from account_role_rights;

create view account_members as
select g.user_id as id, g.user_id, g.workspace_id, g.organization_id, r.name as role, g.is_active, g.created_at, g.updated_at, g.version
from account_grants g
join account_roles r on r.id = g.role_id;
create view account_user_roles as
select distinct user_id, role_id from account_grants where is_active = {{true}};
