-- Answers to requests that came with an Idempotency-Key, for a day. user_id has no foreign key: users belong to a module.
create table api_answers (
    id           {{pk}},
    user_id      bigint not null,
    key_hash     {{text}} not null,
    request_hash {{text}} not null,
    status       bigint not null,
    location     {{text}} not null,
    etag         {{text}} not null,
    body         {{text}} not null,
    created_at   {{time}} not null,
    constraint api_answers_key_key unique (user_id, key_hash)
);

create index api_answers_created_idx on api_answers (created_at);
