-- user_id has no foreign key here: users belong to the account module, and core must not know a module's table, nor be
-- migrated after it. Every use of a row asks the account module's Directory, so a row without its user opens nothing.

create table auth_keys (
    id         {{pk}},
    kid        {{text}} not null,
    purpose    {{text}} not null,
    secret     {{text}} not null,
    created_at {{time}} not null,
    retired_at {{time}},
    constraint auth_keys_kid_key unique (kid),
    constraint auth_keys_purpose_check check (purpose in ('instance', 'jwt'))
);

create unique index auth_keys_current_idx on auth_keys (purpose) where retired_at is null;

create table auth_sessions (
    id           {{pk}},
    token_hash   {{text}} not null,
    user_id      bigint not null,
    user_agent   {{text}} not null,
    created_at   {{time}} not null,
    last_seen_at {{time}} not null,
    expires_at   {{time}} not null,
    constraint auth_sessions_token_hash_key unique (token_hash)
);

create index auth_sessions_user_idx on auth_sessions (user_id);
create index auth_sessions_expires_idx on auth_sessions (expires_at);

create table auth_tokens (
    id           {{pk}},
    token_hash   {{text}} not null,
    user_id      bigint not null,
    name         {{text}} not null,
    created_at   {{time}} not null,
    last_used_at {{time}},
    expires_at   {{time}},
    constraint auth_tokens_token_hash_key unique (token_hash)
);

create index auth_tokens_user_idx on auth_tokens (user_id);

create table auth_tries (
    id            {{pk}},
    subject_hash  {{text}} not null,
    failures      bigint not null,
    last_at       {{time}} not null,
    blocked_until {{time}} not null,
    constraint auth_tries_subject_hash_key unique (subject_hash)
);

create index auth_tries_last_idx on auth_tries (last_at);
