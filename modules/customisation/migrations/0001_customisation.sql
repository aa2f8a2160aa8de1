-- Fields that administrators declare beside those that come with the program.
create table customisation_extension_fields (
    id          {{pk}},
    entity_name {{text}} not null,
    key         {{text}} not null,
    kind        {{text}} not null,
    -- texts by language: {"en": "Road condition"}
    labels      {{json}} not null,
    help        {{json}} not null default '{}',
    -- [{"value": "good", "labels": {"en": "Good"}, "retired": false}]
    choices     {{json}} not null default '[]',
    scale       bigint not null default 0,
    minimum     {{text}} not null default '',
    maximum     {{text}} not null default '',
    max_length  bigint not null default 0,
    pattern     {{text}} not null default '',
    required    {{bool}} not null default {{false}},
    indexed     {{bool}} not null default {{false}},
    retired     {{bool}} not null default {{false}},
    place       bigint not null default 0,
    created_at  {{time}} not null,
    updated_at  {{time}} not null,
    version     bigint not null default 1,
    constraint customisation_extension_fields_key unique (entity_name, key)
);

create table customisation_extension_fields_versions (
    id          {{pk}},
    record_id   bigint not null,
    version     bigint not null,
    changed_at  {{time}} not null,
    changed_by  bigint not null,
    lists       {{json}} not null,
    entity_name {{text}} not null,
    key         {{text}} not null,
    kind        {{text}} not null,
    labels      {{json}} not null,
    help        {{json}} not null,
    choices     {{json}} not null,
    scale       bigint not null,
    minimum     {{text}} not null,
    maximum     {{text}} not null,
    max_length  bigint not null,
    pattern     {{text}} not null,
    required    {{bool}} not null,
    indexed     {{bool}} not null,
    retired     {{bool}} not null,
    place       bigint not null
);

create index customisation_extension_fields_versions_idx on customisation_extension_fields_versions (record_id, version);

-- What administrators changed about the fields that come with the program.
create table customisation_field_controls (
    id          {{pk}},
    entity_name {{text}} not null,
    field       {{text}} not null,
    hidden      {{bool}} not null default {{false}},
    required    {{bool}} not null default {{false}},
    labels      {{json}} not null default '{}',
    -- labels of the values of a choice: {"good": {"en": "Good"}}
    choices     {{json}} not null default '{}',
    created_at  {{time}} not null,
    updated_at  {{time}} not null,
    version     bigint not null default 1,
    constraint customisation_field_controls_key unique (entity_name, field)
);

create table customisation_field_controls_versions (
    id          {{pk}},
    record_id   bigint not null,
    version     bigint not null,
    changed_at  {{time}} not null,
    changed_by  bigint not null,
    lists       {{json}} not null,
    entity_name {{text}} not null,
    field       {{text}} not null,
    hidden      {{bool}} not null,
    required    {{bool}} not null,
    labels      {{json}} not null,
    choices     {{json}} not null
);

create index customisation_field_controls_versions_idx on customisation_field_controls_versions (record_id, version);
