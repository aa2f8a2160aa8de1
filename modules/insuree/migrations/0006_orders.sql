-- Every order that is offered, and what heads of families are looked for by, has an index: no list of a million people is sorted.
create index insuree_insurees_email_idx on insuree_insurees (workspace_id, email_folded, id);
create index insuree_insurees_phone_idx on insuree_insurees (workspace_id, phone_folded, id);
create index insuree_insurees_gender_idx on insuree_insurees (workspace_id, gender_id, id);
create index insuree_insurees_head_idx on insuree_insurees (workspace_id, head, id);
create index insuree_insurees_marital_idx on insuree_insurees (workspace_id, marital, id);
create index insuree_insurees_status_idx on insuree_insurees (workspace_id, status, id);
create index insuree_insurees_until_idx on insuree_insurees (workspace_id, validity_to, id);
create index insuree_insurees_versions_email_idx on insuree_insurees_versions (workspace_id, email_folded, past_id) where past_id is not null;
create index insuree_insurees_versions_phone_idx on insuree_insurees_versions (workspace_id, phone_folded, past_id) where past_id is not null;
create index insuree_insurees_versions_gender_idx on insuree_insurees_versions (workspace_id, gender_id, past_id) where past_id is not null;
create index insuree_insurees_versions_head_idx on insuree_insurees_versions (workspace_id, head, past_id) where past_id is not null;
create index insuree_insurees_versions_marital_idx on insuree_insurees_versions (workspace_id, marital, past_id) where past_id is not null;
create index insuree_insurees_versions_status_idx on insuree_insurees_versions (workspace_id, status, past_id) where past_id is not null;
