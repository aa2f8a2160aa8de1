-- What each row of a foreign data set became. record_id has no foreign key: it points into the table of whichever entity the file is about.
create table intake_rows (
    id           {{pk}},
    workspace_id bigint not null,
    source       {{text}} not null,
    file         {{text}} not null,
    row_id       {{text}} not null,
    record_id    bigint not null,
    digest       {{text}} not null,
    version      bigint not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    constraint intake_rows_key unique (workspace_id, source, file, row_id)
);
