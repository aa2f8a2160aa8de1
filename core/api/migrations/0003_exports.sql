-- Files that were made of lists on the GraphQL wire (openimis-core §2.11), for a day; blob_key is empty once the file has gone. user_id and workspace_id have no
-- foreign keys: users and workspaces belong to a module. root is the root field that was asked, title the name that browsers save the file under.
create table api_exports (
    id           {{pk}},
    name         {{text}} not null,
    user_id      bigint not null,
    workspace_id bigint not null,
    root         {{text}} not null,
    title        {{text}} not null,
    media        {{text}} not null,
    sha256       {{text}} not null,
    blob_key     {{text}} not null,
    made_at      {{time}} not null,
    constraint api_exports_name_key unique (name)
);

create index api_exports_user_idx on api_exports (user_id, id);
create index api_exports_made_idx on api_exports (made_at);
