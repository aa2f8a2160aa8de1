create table attachment_file_types (
    id          {{pk}},
    name        {{text}} not null,
    label       {{text}} not null,
    code        {{text}} not null default '',
    -- words joined by spaces: the lists in which the type can be chosen
    groups      {{text}} not null default '',
    position    bigint not null default 0,
    created_at  {{time}} not null,
    updated_at  {{time}} not null,
    version     bigint not null default 1,
    constraint attachment_file_types_name_key unique (name, code)
);

-- owner_entity and owner_id name the record that the file belongs to, '' and null for an upload that belongs to none yet. They are no foreign key, as
-- the record is another module's, which tells this one when it goes.
create table attachment_attachments (
    id              {{pk}},
    workspace_id    bigint not null,
    file_type_id    {{fk}} constraint attachment_attachments_file_type_fkey references attachment_file_types (id),
    owner_entity    {{text}} not null default '',
    owner_id        bigint,
    code            {{text}} not null default '',
    blob_key        {{text}} not null default '',
    hyperlink       {{text}} not null default '',
    filename        {{text}} not null default '',
    filename_folded {{text}} not null default '',
    content_type    {{text}} not null default '',
    size            bigint,
    sha256          {{text}} not null default '',
    uploaded_by_id  {{fk}} constraint attachment_attachments_uploaded_by_fkey references account_users (id),
    ip_address      {{text}} not null default '0.0.0.0',
    is_active       {{bool}} not null default {{true}},
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint attachment_attachments_content_check check (blob_key = '' or hyperlink = ''),
    constraint attachment_attachments_owner_check check ((owner_entity = '') = (owner_id is null))
);

create index attachment_attachments_owner_idx on attachment_attachments (owner_entity, owner_id, id);
create index attachment_attachments_workspace_idx on attachment_attachments (workspace_id, id);
create index attachment_attachments_uploaded_by_idx on attachment_attachments (uploaded_by_id);
create index attachment_attachments_file_type_idx on attachment_attachments (file_type_id);

create table attachment_links (
    id            {{pk}},
    workspace_id  bigint not null,
    attachment_id {{fk}} not null constraint attachment_links_attachment_fkey references attachment_attachments (id),
    owner_entity  {{text}} not null,
    owner_id      bigint not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    constraint attachment_links_key unique (owner_entity, owner_id, attachment_id)
);

create index attachment_links_attachment_idx on attachment_links (attachment_id);
