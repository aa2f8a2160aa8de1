create table account_staged_users (
    id              {{pk}},
    workspace_id    bigint not null,
    email           {{text}} not null,
    first_name      {{text}} not null default '',
    last_name       {{text}} not null default '',
    name_folded     {{text}} not null default '',
    phone_number    {{text}} not null default '',
    job_title       {{text}} not null default '',
    organization_id {{fk}} not null constraint account_staged_users_organization_fkey references organisation_organisations (id),
    status          {{text}} not null default 'pending',
    requester_id    {{fk}} not null constraint account_staged_users_requester_fkey references account_users (id),
    reviewer_id     {{fk}} constraint account_staged_users_reviewer_fkey references account_users (id),
    reviewed_on     {{date}},
    user_id         {{fk}} constraint account_staged_users_user_fkey references account_users (id),
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint account_staged_users_status_check check (status in ('pending', 'accepted', 'declined'))
);

create index account_staged_users_status_idx on account_staged_users (workspace_id, status, created_at);
create unique index account_staged_users_waiting_key on account_staged_users (workspace_id, organization_id, email) where status = 'pending';

create table account_staged_user_roles (
    staged_user_id {{fk}} not null constraint account_staged_user_roles_staged_user_fkey references account_staged_users (id),
    role_id        {{fk}} not null constraint account_staged_user_roles_role_fkey references account_roles (id),
    constraint account_staged_user_roles_key unique (staged_user_id, role_id)
);
