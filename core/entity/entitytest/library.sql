create table library_languages (
    id         {{pk}},
    code       {{text}} not null,
    name       {{text}} not null,
    created_at {{time}} not null,
    updated_at {{time}} not null,
    version    bigint not null default 1,
    constraint library_languages_code_key unique (code)
);

create table library_authors (
    id           {{pk}},
    workspace_id bigint not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    born         {{date}},
    language_id  bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint library_authors_name_key unique (workspace_id, name),
    constraint library_authors_language_fkey foreign key (language_id) references library_languages (id)
);

create table library_members (
    id           {{pk}},
    workspace_id bigint not null,
    name         {{text}} not null,
    email        {{text}} not null,
    user_id      bigint not null default 0,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1
);

create table library_subjects (
    id           {{pk}},
    workspace_id bigint not null,
    name         {{text}} not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1
);

create table library_books (
    id           {{pk}},
    workspace_id bigint not null,
    title        {{text}} not null,
    title_folded {{text}} not null,
    status       {{text}} not null,
    author_id    bigint,
    borrower_id  bigint,
    pages        bigint,
    weight       double precision,
    fragile      {{bool}} not null default {{false}},
    published    {{date}},
    due_at       {{time}},
    lent_on      {{date}},
    website      {{text}} not null default '',
    contact      {{text}} not null default '',
    notes        {{text}} not null default '',
    extra        {{json}},
    extensions   {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    deleted_at   {{time}},
    version      bigint not null default 1,
    constraint library_books_author_fkey foreign key (author_id) references library_authors (id),
    constraint library_books_borrower_fkey foreign key (borrower_id) references library_members (id)
);

create table library_book_subjects (
    book_id    bigint not null,
    subject_id bigint not null,
    constraint library_book_subjects_key unique (book_id, subject_id),
    constraint library_book_subjects_book_fkey foreign key (book_id) references library_books (id),
    constraint library_book_subjects_subject_fkey foreign key (subject_id) references library_subjects (id)
);

create table library_book_versions (
    id          {{pk}},
    record_id   bigint not null,
    version     bigint not null,
    changed_at  {{time}} not null,
    changed_by  bigint not null,
    lists       {{json}} not null,
    title       {{text}} not null,
    status      {{text}} not null,
    author_id   bigint,
    borrower_id bigint,
    pages       bigint,
    weight      double precision,
    fragile     {{bool}} not null,
    published   {{date}},
    due_at      {{time}},
    lent_on     {{date}},
    website     {{text}} not null,
    contact     {{text}} not null,
    notes       {{text}} not null,
    extra       {{json}},
    extensions  {{json}} not null
);

create table library_copies (
    id           {{pk}},
    workspace_id bigint not null,
    book_id      bigint not null,
    shelf        {{text}} not null,
    bought       {{date}},
    price        bigint,
    donor_id     bigint,
    extensions   {{json}} not null default '{}',
    extensions_folded {{json}} not null default '{}',
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint library_copies_shelf_key unique (book_id, shelf),
    constraint library_copies_book_fkey foreign key (book_id) references library_books (id),
    constraint library_copies_donor_fkey foreign key (donor_id) references library_authors (id)
);

create table library_copy_readers (
    copy_id   bigint not null,
    member_id bigint not null,
    constraint library_copy_readers_key unique (copy_id, member_id),
    constraint library_copy_readers_copy_fkey foreign key (copy_id) references library_copies (id),
    constraint library_copy_readers_member_fkey foreign key (member_id) references library_members (id)
);

create table library_tariffs (
    id            {{pk}},
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    code          {{text}} not null,
    code_folded   {{text}} not null,
    price         bigint not null,
    weight        bigint,
    author_id     bigint,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1,
    constraint library_tariffs_uuid_key unique (uuid),
    constraint library_tariffs_author_fkey foreign key (author_id) references library_authors (id)
);

create unique index library_tariffs_code_key on library_tariffs (workspace_id, code) where validity_to is null;

create table library_tariffs_versions (
    id            {{pk}},
    record_id     bigint not null,
    version       bigint not null,
    changed_at    {{time}} not null,
    changed_by    bigint not null,
    lists         {{json}} not null,
    past_id       bigint,
    workspace_id  bigint not null,
    uuid          {{text}} not null,
    legacy_id     bigint,
    validity_from {{time}} not null,
    validity_to   {{time}},
    code          {{text}} not null,
    code_folded   {{text}} not null,
    price         bigint not null,
    weight        bigint,
    author_id     bigint,
    constraint library_tariffs_versions_key unique (record_id, version),
    constraint library_tariffs_versions_past_key unique (past_id)
);

create index library_tariffs_versions_uuid_idx on library_tariffs_versions (uuid);
