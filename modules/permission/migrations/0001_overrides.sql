-- What administrators changed about the permission rows that come with the program.
create table permission_overrides (
    id         {{pk}},
    change     {{text}} not null,
    effect     {{text}} not null,
    kind       {{text}} not null,
    target     {{text}} not null,
    -- predicates joined by " and ", in order; '' for a row that always applies
    conditions {{text}} not null default '',
    note       {{text}} not null default '',
    created_at {{time}} not null,
    updated_at {{time}} not null,
    version    bigint not null default 1,
    constraint permission_overrides_row_key unique (effect, kind, target, conditions),
    constraint permission_overrides_change_check check (change in ('add', 'withdraw')),
    constraint permission_overrides_effect_check check (effect in ('allow', 'refuse')),
    constraint permission_overrides_kind_check check (kind in ('view', 'edit', 'act'))
);
