create table tpm_firms (
    id              {{pk}},
    organization_id {{fk}} not null constraint tpm_firms_organization_fkey references organisation_organisations (id),
    street_address  {{text}} not null default '',
    city            {{text}} not null default '',
    postal_code     {{text}} not null default '',
    country         {{text}} not null default '',
    email           {{text}} not null default '',
    phone_number    {{text}} not null default '',
    vision_synced   {{bool}} not null default {{false}},
    blocked         {{bool}} not null default {{false}},
    hidden          {{bool}} not null default {{false}},
    deleted_flag    {{bool}} not null default {{false}},
    created_at      {{time}} not null,
    updated_at      {{time}} not null,
    version         bigint not null default 1,
    constraint tpm_firms_organization_key unique (organization_id)
);

create table tpm_firm_workspaces (
    firm_id      {{fk}} not null constraint tpm_firm_workspaces_firm_fkey references tpm_firms (id),
    workspace_id {{fk}} not null constraint tpm_firm_workspaces_workspace_fkey references account_workspaces (id),
    constraint tpm_firm_workspaces_key unique (firm_id, workspace_id)
);

create table tpm_visits (
    id                          {{pk}},
    workspace_id                bigint not null,
    workspace_code              {{text}} not null,
    author_id                   {{fk}} constraint tpm_visits_author_fkey references account_users (id),
    firm_id                     {{fk}} constraint tpm_visits_firm_fkey references tpm_firms (id),
    status                      {{text}} not null default 'draft',
    visit_information           {{text}} not null default '',
    cancel_comment              {{text}} not null default '',
    reject_comment              {{text}} not null default '',
    approval_comment            {{text}} not null default '',
    created_year                bigint not null,
    date_created                {{date}} not null,
    date_of_assigned            {{date}},
    date_of_cancelled           {{date}},
    date_of_tpm_accepted        {{date}},
    date_of_tpm_rejected        {{date}},
    date_of_tpm_reported        {{date}},
    date_of_tpm_report_rejected {{date}},
    date_of_unicef_approved     {{date}},
    deleted_at                  {{time}},
    created_at                  {{time}} not null,
    updated_at                  {{time}} not null,
    version                     bigint not null default 1,
    constraint tpm_visits_status_check check (status in ('draft', 'assigned', 'cancelled', 'tpm_accepted', 'tpm_rejected', 'tpm_reported', 'tpm_report_rejected', 'unicef_approved'))
);

create index tpm_visits_reference_idx on tpm_visits (workspace_id, created_year, id);
create index tpm_visits_status_idx on tpm_visits (workspace_id, status, id);
create index tpm_visits_firm_idx on tpm_visits (firm_id, id);

create table tpm_visits_versions (
    id                          {{pk}},
    record_id                   bigint not null,
    version                     bigint not null,
    changed_at                  {{time}} not null,
    changed_by                  bigint not null,
    lists                       {{json}} not null,
    workspace_code              {{text}} not null,
    author_id                   bigint,
    firm_id                     bigint,
    status                      {{text}} not null,
    visit_information           {{text}} not null,
    cancel_comment              {{text}} not null,
    reject_comment              {{text}} not null,
    approval_comment            {{text}} not null,
    created_year                bigint not null,
    date_created                {{date}} not null,
    date_of_assigned            {{date}},
    date_of_cancelled           {{date}},
    date_of_tpm_accepted        {{date}},
    date_of_tpm_rejected        {{date}},
    date_of_tpm_reported        {{date}},
    date_of_tpm_report_rejected {{date}},
    date_of_unicef_approved     {{date}},
    constraint tpm_visits_versions_key unique (record_id, version)
);

create table tpm_visit_firm_focal_points (
    visit_id {{fk}} not null constraint tpm_visit_firm_focal_points_visit_fkey references tpm_visits (id),
    user_id  {{fk}} not null constraint tpm_visit_firm_focal_points_user_fkey references account_users (id),
    constraint tpm_visit_firm_focal_points_key unique (visit_id, user_id)
);

create index tpm_visit_firm_focal_points_user_idx on tpm_visit_firm_focal_points (user_id, visit_id);

create table tpm_report_reject_comments (
    id            {{pk}},
    workspace_id  bigint not null,
    visit_id      {{fk}} not null constraint tpm_report_reject_comments_visit_fkey references tpm_visits (id),
    rejected_at   {{time}} not null,
    reject_reason {{text}} not null,
    created_at    {{time}} not null,
    updated_at    {{time}} not null,
    version       bigint not null default 1
);

create index tpm_report_reject_comments_visit_idx on tpm_report_reject_comments (visit_id, id);

create table tpm_tasks (
    id                     {{pk}},
    workspace_id           bigint not null,
    visit_id               {{fk}} not null constraint tpm_tasks_visit_fkey references tpm_visits (id),
    partner_id             {{fk}} constraint tpm_tasks_partner_fkey references organisation_partners (id),
    agreement_id           {{fk}} constraint tpm_tasks_agreement_fkey references organisation_agreements (id),
    output_id              {{fk}} constraint tpm_tasks_output_fkey references organisation_outputs (id),
    section_id             {{fk}} not null constraint tpm_tasks_section_fkey references organisation_sections (id),
    date                   {{date}},
    additional_information {{text}} not null default '',
    is_pv                  {{bool}} not null default {{false}},
    created_at             {{time}} not null,
    updated_at             {{time}} not null,
    version                bigint not null default 1
);

create index tpm_tasks_visit_idx on tpm_tasks (visit_id, id);
create index tpm_tasks_partner_idx on tpm_tasks (partner_id, visit_id);
create index tpm_tasks_section_idx on tpm_tasks (section_id, visit_id);
create index tpm_tasks_output_idx on tpm_tasks (output_id, visit_id);
create index tpm_tasks_agreement_idx on tpm_tasks (agreement_id, visit_id);
create index tpm_tasks_date_idx on tpm_tasks (workspace_id, date, visit_id);

create table tpm_tasks_versions (
    id                     {{pk}},
    record_id              bigint not null,
    version                bigint not null,
    changed_at             {{time}} not null,
    changed_by             bigint not null,
    lists                  {{json}} not null,
    visit_id               bigint not null,
    partner_id             bigint,
    agreement_id           bigint,
    output_id              bigint,
    section_id             bigint not null,
    date                   {{date}},
    additional_information {{text}} not null,
    is_pv                  {{bool}} not null,
    constraint tpm_tasks_versions_key unique (record_id, version)
);

create index tpm_tasks_versions_visit_idx on tpm_tasks_versions (visit_id, record_id, version);

create table tpm_task_locations (
    task_id     {{fk}} not null constraint tpm_task_locations_task_fkey references tpm_tasks (id),
    location_id {{fk}} not null constraint tpm_task_locations_location_fkey references location_locations (id),
    constraint tpm_task_locations_key unique (task_id, location_id)
);

create index tpm_task_locations_location_idx on tpm_task_locations (location_id, task_id);

create table tpm_task_focal_points (
    task_id {{fk}} not null constraint tpm_task_focal_points_task_fkey references tpm_tasks (id),
    user_id {{fk}} not null constraint tpm_task_focal_points_user_fkey references account_users (id),
    constraint tpm_task_focal_points_key unique (task_id, user_id)
);

create index tpm_task_focal_points_user_idx on tpm_task_focal_points (user_id, task_id);

create table tpm_task_offices (
    task_id   {{fk}} not null constraint tpm_task_offices_task_fkey references tpm_tasks (id),
    office_id {{fk}} not null constraint tpm_task_offices_office_fkey references organisation_offices (id),
    constraint tpm_task_offices_key unique (task_id, office_id)
);

create index tpm_task_offices_office_idx on tpm_task_offices (office_id, task_id);
