create table event_log (
    id            {{pk}},
    name          {{text}} not null,
    at            {{time}} not null,
    workspace_id  bigint not null,
    entity        {{text}} not null,
    subject_id    bigint not null,
    parent_entity {{text}} not null default '',
    parent_id     bigint not null default 0,
    revision      bigint not null default 0,
    changed       {{json}} not null,
    data          {{json}} not null,
    actor_id      bigint not null default 0,
    system        {{text}} not null default '',
    request_id    {{text}} not null default ''
);

create index event_log_subject_idx on event_log (entity, subject_id, id);
create index event_log_parent_idx on event_log (parent_entity, parent_id, id);
create index event_log_at_idx on event_log (workspace_id, at);
