create table file_pending (
    id         {{pk}},
    key        {{text}} not null,
    doomed     {{bool}} not null default {{false}},
    created_at {{time}} not null,
    constraint file_pending_key_key unique (key)
);

create index file_pending_created_idx on file_pending (created_at, id);
