create table organisation_organisations (
    id                {{pk}},
    name              {{text}} not null,
    name_folded       {{text}} not null,
    short_name        {{text}} not null default '',
    vendor_number     {{text}} not null,
    type              {{text}},
    cso_type          {{text}},
    parent_id         bigint,
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint organisation_organisations_vendor_number_key unique (vendor_number),
    constraint organisation_organisations_parent_fkey foreign key (parent_id) references organisation_organisations (id)
);

create index organisation_organisations_name_idx on organisation_organisations (name_folded);
create index organisation_organisations_parent_idx on organisation_organisations (parent_id);

create table organisation_partners (
    id              {{pk}},
    workspace_id    bigint not null,
    organisation_id bigint not null,
    hidden          {{bool}} not null default {{false}},
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint organisation_partners_organisation_key unique (workspace_id, organisation_id),
    constraint organisation_partners_organisation_fkey foreign key (organisation_id) references organisation_organisations (id)
);

create index organisation_partners_organisation_idx on organisation_partners (organisation_id);

create table organisation_agreements (
    id                         {{pk}},
    workspace_id               bigint not null,
    partner_id                 bigint not null,
    number                     {{text}} not null,
    number_folded              {{text}} not null,
    title                      {{text}} not null,
    title_folded               {{text}} not null,
    document_type              {{text}} not null,
    status                     {{text}} not null,
    agreement_reference_number {{text}} not null default '',
    created_at                 {{time}} not null,
    updated_at                 {{time}} not null,
    version                    bigint not null default 1,
    constraint organisation_agreements_number_key unique (workspace_id, number),
    constraint organisation_agreements_partner_fkey foreign key (partner_id) references organisation_partners (id)
);

create index organisation_agreements_partner_idx on organisation_agreements (partner_id);
create index organisation_agreements_title_idx on organisation_agreements (workspace_id, title_folded);
create index organisation_agreements_number_folded_idx on organisation_agreements (workspace_id, number_folded);

create table organisation_outputs (
    id                {{pk}},
    workspace_id      bigint not null,
    name              {{text}} not null,
    name_folded       {{text}} not null,
    code              {{text}} not null default '',
    result_type       {{text}} not null,
    wbs               {{text}} not null default '',
    country_programme {{text}} not null default '',
    hidden            {{bool}} not null default {{false}},
    from_date         {{date}},
    to_date           {{date}},
    created_at        {{time}} not null,
    updated_at        {{time}} not null,
    version           bigint not null default 1,
    constraint organisation_outputs_dates_check check (from_date is null or to_date is null or from_date <= to_date)
);

create index organisation_outputs_name_idx on organisation_outputs (workspace_id, name_folded);
create index organisation_outputs_code_idx on organisation_outputs (workspace_id, code);

create table organisation_agreement_outputs (
    id           {{pk}},
    workspace_id bigint not null,
    agreement_id bigint not null,
    output_id    bigint not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint organisation_agreement_outputs_output_key unique (agreement_id, output_id),
    constraint organisation_agreement_outputs_agreement_fkey foreign key (agreement_id) references organisation_agreements (id) on delete cascade,
    constraint organisation_agreement_outputs_output_fkey foreign key (output_id) references organisation_outputs (id)
);

create index organisation_agreement_outputs_output_idx on organisation_agreement_outputs (output_id);

create table organisation_sections (
    id           {{pk}},
    workspace_id bigint not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alternate_id bigint,
    active       {{bool}} not null default {{true}},
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint organisation_sections_name_key unique (workspace_id, name)
);

create index organisation_sections_name_idx on organisation_sections (workspace_id, name_folded);

create table organisation_offices (
    id           {{pk}},
    workspace_id bigint not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint organisation_offices_name_key unique (workspace_id, name)
);

create index organisation_offices_name_idx on organisation_offices (workspace_id, name_folded);
