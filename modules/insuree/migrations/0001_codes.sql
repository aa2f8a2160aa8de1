-- What insurees and families are described by. The tables are the same for all workspaces; rows are made in this order, so that professions, educations and relations
-- have the numbers that clients send.
create table insuree_genders (
    id           {{pk}},
    code         {{text}} not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_genders_code_key unique (code)
);

insert into insuree_genders (code, name, name_folded, alt_language, sort_order, created_at, updated_at) values
    ('M', 'Male', 'male', 'Homme', 1, {{now}}, {{now}}),
    ('F', 'Female', 'female', 'Femme', 2, {{now}}, {{now}}),
    ('O', 'Other', 'other', 'Autre', 3, {{now}}, {{now}});

create table insuree_family_types (
    id           {{pk}},
    code         {{text}} not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_family_types_code_key unique (code)
);

insert into insuree_family_types (code, name, name_folded, alt_language, created_at, updated_at) values
    ('C', 'Council', 'council', 'Conseil', {{now}}, {{now}}),
    ('G', 'Organisation', 'organisation', 'Organisation', {{now}}, {{now}}),
    ('H', 'Household', 'household', 'Ménage', {{now}}, {{now}}),
    ('O', 'Other', 'other', 'Autre', {{now}}, {{now}}),
    ('P', 'Priests', 'priests', 'Prêtres', {{now}}, {{now}}),
    ('S', 'Students', 'students', 'Étudiants', {{now}}, {{now}}),
    ('T', 'Teachers', 'teachers', 'Enseignants', {{now}}, {{now}});

create table insuree_confirmation_types (
    id                              {{pk}},
    code                            {{text}} not null,
    name                            {{text}} not null,
    name_folded                     {{text}} not null,
    alt_language                    {{text}} not null default '',
    sort_order                      bigint,
    is_confirmation_number_required {{bool}} not null default {{false}},
    created_at                      {{time}} not null,
    updated_at                      {{time}} not null,
    version                         bigint not null default 1,
    constraint insuree_confirmation_types_code_key unique (code)
);

insert into insuree_confirmation_types (code, name, name_folded, alt_language, is_confirmation_number_required, created_at, updated_at) values
    ('A', 'Local council', 'local council', 'Conseil local', {{false}}, {{now}}, {{now}}),
    ('B', 'Municipality', 'municipality', 'Municipalité', {{false}}, {{now}}, {{now}}),
    ('C', 'State', 'state', 'État', {{false}}, {{now}}, {{now}}),
    ('D', 'Other', 'other', 'Autre', {{false}}, {{now}}, {{now}});

create table insuree_identification_types (
    id           {{pk}},
    code         {{text}} not null,
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_identification_types_code_key unique (code)
);

insert into insuree_identification_types (code, name, name_folded, alt_language, created_at, updated_at) values
    ('D', 'Driving licence', 'driving licence', 'Permis de conduire', {{now}}, {{now}}),
    ('N', 'National ID', 'national id', 'Carte d''identité', {{now}}, {{now}}),
    ('P', 'Passport', 'passport', 'Passeport', {{now}}, {{now}}),
    ('V', 'Voter card', 'voter card', 'Carte d''électeur', {{now}}, {{now}});

create table insuree_professions (
    id           {{pk}},
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_professions_name_key unique (name)
);

insert into insuree_professions (name, name_folded, alt_language, created_at, updated_at) values
    ('Housewife', 'housewife', 'Femme au foyer', {{now}}, {{now}}),
    ('Employee', 'employee', 'Employé', {{now}}, {{now}}),
    ('Self-employed', 'self-employed', 'Indépendant', {{now}}, {{now}}),
    ('Others', 'others', 'Autres', {{now}}, {{now}});

create table insuree_educations (
    id           {{pk}},
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_educations_name_key unique (name)
);

insert into insuree_educations (name, name_folded, alt_language, created_at, updated_at) values
    ('Nursery', 'nursery', 'Maternelle', {{now}}, {{now}}),
    ('Primary school', 'primary school', 'École primaire', {{now}}, {{now}}),
    ('Secondary school', 'secondary school', 'École secondaire', {{now}}, {{now}}),
    ('University', 'university', 'Université', {{now}}, {{now}}),
    ('Postgraduate', 'postgraduate', 'Troisième cycle', {{now}}, {{now}}),
    ('PhD', 'phd', 'Doctorat', {{now}}, {{now}}),
    ('Other', 'other', 'Autre', {{now}}, {{now}});

create table insuree_relations (
    id           {{pk}},
    name         {{text}} not null,
    name_folded  {{text}} not null,
    alt_language {{text}} not null default '',
    sort_order   bigint,
    created_at   {{time}} not null,
    updated_at   {{time}} not null,
    version      bigint not null default 1,
    constraint insuree_relations_name_key unique (name)
);

insert into insuree_relations (name, name_folded, alt_language, created_at, updated_at) values
    ('Sibling', 'sibling', 'Frère ou sœur', {{now}}, {{now}}),
    ('Parent', 'parent', 'Père ou mère', {{now}}, {{now}}),
    ('Uncle or aunt', 'uncle or aunt', 'Oncle ou tante', {{now}}, {{now}}),
    ('Child', 'child', 'Fils ou fille', {{now}}, {{now}}),
    ('Grandparent', 'grandparent', 'Grand-parent', {{now}}, {{now}}),
    ('Employee', 'employee', 'Employé', {{now}}, {{now}}),
    ('Others', 'others', 'Autres', {{now}}, {{now}}),
    ('Spouse', 'spouse', 'Conjoint', {{now}}, {{now}});
