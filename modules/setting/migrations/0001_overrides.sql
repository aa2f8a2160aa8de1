-- What administrators changed about the settings that come with the program.
create table setting_overrides (
    id             {{pk}},
    name           {{text}} not null,
    -- 0 and '' for all workspaces
    place_id       bigint not null default 0,
    place_code     {{text}} not null default '',
    -- null once the setting was reset
    value          {{json}},
    created_at     {{time}} not null,
    updated_at     {{time}} not null,
    version        bigint not null default 1,
    constraint setting_overrides_place_key unique (name, place_id)
);

create table setting_overrides_versions (
    id         {{pk}},
    record_id  bigint not null,
    version    bigint not null,
    changed_at {{time}} not null,
    changed_by bigint not null,
    lists      {{json}} not null,
    name       {{text}} not null,
    place_id   bigint not null,
    place_code {{text}} not null,
    value      {{json}},
    constraint setting_overrides_versions_key unique (record_id, version)
);
