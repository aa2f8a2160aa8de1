-- Levels get the letters that insurance systems know them by; places get a UUID, a validity, figures, and their past as rows.
alter table location_levels add column type {{text}} not null default '';
create unique index location_levels_type_key on location_levels (workspace_id, type) where type <> '';

alter table location_locations add column uuid {{text}} not null default '';
alter table location_locations add column legacy_id bigint;
alter table location_locations add column validity_from {{time}};
alter table location_locations add column validity_to {{time}};
alter table location_locations add column male_population bigint;
alter table location_locations add column female_population bigint;
alter table location_locations add column other_population bigint;
alter table location_locations add column families bigint;

-- +engine sqlite
update location_locations set validity_from = created_at, uuid = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
-- +end
-- +engine postgres
update location_locations set validity_from = created_at, uuid = cast(gen_random_uuid() as text);
-- +end
create unique index location_locations_uuid_key on location_locations (uuid);
drop index location_locations_p_code_key;
create unique index location_locations_p_code_key on location_locations (workspace_id, p_code) where p_code <> '' and validity_to is null;

create table location_locations_versions (
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
    validity_from     {{time}},
    validity_to       {{time}},
    name              {{text}} not null,
    name_folded       {{text}} not null,
    p_code            {{text}} not null,
    p_code_folded     {{text}} not null,
    level_id          bigint,
    parent_id         bigint,
    latitude          double precision,
    longitude         double precision,
    is_active         {{bool}} not null,
    male_population   bigint,
    female_population bigint,
    other_population  bigint,
    families          bigint,
    extensions        {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    constraint location_locations_versions_key unique (record_id, version),
    constraint location_locations_versions_past_key unique (past_id)
);
create index location_locations_versions_uuid_idx on location_locations_versions (uuid);
insert into location_locations_versions (record_id, version, changed_at, changed_by, lists, workspace_id, uuid, validity_from, name, name_folded, p_code, p_code_folded, level_id,
    parent_id, latitude, longitude, is_active, extensions, extensions_folded)
select id, version, updated_at, 0, '{}', workspace_id, uuid, validity_from, name, name_folded, p_code, p_code_folded, level_id, parent_id, latitude, longitude, is_active, extensions, extensions_folded
from location_locations;

-- Every place with itself and all that it lies in, closed ones too.
create table location_ancestors (
    location_id bigint not null,
    ancestor_id bigint not null,
    distance    bigint not null,
    constraint location_ancestors_key primary key (location_id, ancestor_id),
    constraint location_ancestors_location_fkey foreign key (location_id) references location_locations (id),
    constraint location_ancestors_ancestor_fkey foreign key (ancestor_id) references location_locations (id)
);
create index location_ancestors_ancestor_idx on location_ancestors (ancestor_id, location_id, distance);
insert into location_ancestors (location_id, ancestor_id, distance)
with recursive up (location_id, ancestor_id, distance) as (
    select id, id, cast(0 as bigint) from location_locations
    union all
    select up.location_id, l.parent_id, up.distance + 1 from up join location_locations l on l.id = up.ancestor_id where l.parent_id is not null and up.distance < 100
)
select location_id, ancestor_id, min(distance) from up group by location_id, ancestor_id;

-- Who works in which districts. Users are known by their numbers: the accounts are another module's, which knows no places.
create table location_user_districts (
    id           {{pk}},
    workspace_id bigint not null,
    user_id      bigint not null,
    location_id  bigint not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint location_user_districts_key unique (workspace_id, user_id, location_id),
    constraint location_user_districts_location_fkey foreign key (location_id) references location_locations (id)
);
create index location_user_districts_location_idx on location_user_districts (location_id);
create index location_user_districts_user_idx on location_user_districts (user_id, location_id);
