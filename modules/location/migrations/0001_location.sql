create table location_levels (
    id           {{pk}},
    workspace_id bigint not null,
    number       bigint not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint location_levels_number_key unique (workspace_id, number),
    constraint location_levels_number_check check (number >= 0)
);

create table location_locations (
    id            {{pk}},
    workspace_id  bigint not null,
    name          {{text}} not null,
    name_folded   {{text}} not null,
    p_code        {{text}} not null default '',
    p_code_folded {{text}} not null default '',
    level_id      bigint,
    parent_id     bigint,
    latitude      double precision,
    longitude     double precision,
    is_active     {{bool}} not null default {{true}},
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    constraint location_locations_level_fkey foreign key (level_id) references location_levels (id),
    constraint location_locations_parent_fkey foreign key (parent_id) references location_locations (id),
    constraint location_locations_point_check check ((latitude is null) = (longitude is null)),
    constraint location_locations_latitude_check check (latitude is null or latitude between -90 and 90),
    constraint location_locations_longitude_check check (longitude is null or longitude between -180 and 180)
);

create index location_locations_name_idx on location_locations (workspace_id, name_folded);
create unique index location_locations_p_code_key on location_locations (workspace_id, p_code) where p_code <> '';
create index location_locations_p_code_folded_idx on location_locations (workspace_id, p_code_folded);
create index location_locations_level_idx on location_locations (level_id);
create index location_locations_parent_idx on location_locations (parent_id);
create index location_locations_updated_idx on location_locations (workspace_id, updated_at);
