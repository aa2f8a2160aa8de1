-- What was is found as what is: by the same orders and references. Only rows of the past are in these indexes, so that a new record pays nothing for them.
create index insuree_insurees_versions_chf_id_idx on insuree_insurees_versions (workspace_id, chf_id_folded, past_id) where past_id is not null;
create index insuree_insurees_versions_last_name_idx on insuree_insurees_versions (workspace_id, last_name_folded, past_id) where past_id is not null;
create index insuree_insurees_versions_other_names_idx on insuree_insurees_versions (workspace_id, other_names_folded, past_id) where past_id is not null;
create index insuree_insurees_versions_dob_idx on insuree_insurees_versions (workspace_id, dob, past_id) where past_id is not null;
create index insuree_insurees_versions_since_idx on insuree_insurees_versions (workspace_id, validity_from, past_id) where past_id is not null;
create index insuree_insurees_versions_until_idx on insuree_insurees_versions (workspace_id, validity_to, past_id) where past_id is not null;
create index insuree_insurees_versions_family_idx on insuree_insurees_versions (family_id) where past_id is not null;
create index insuree_insurees_versions_place_idx on insuree_insurees_versions (place_id, chf_id_folded) where past_id is not null;
create index insuree_families_versions_head_idx on insuree_families_versions (head_insuree_id) where past_id is not null;
create index insuree_families_versions_location_idx on insuree_families_versions (location_id) where past_id is not null;
create index insuree_families_versions_since_idx on insuree_families_versions (workspace_id, validity_from, past_id) where past_id is not null;
create index insuree_families_versions_until_idx on insuree_families_versions (workspace_id, validity_to, past_id) where past_id is not null;
create index insuree_families_versions_confirmation_no_idx on insuree_families_versions (workspace_id, confirmation_no_folded, past_id) where past_id is not null;
