-- Clients ask for the places that are closed; few are.
create index location_locations_closed_idx on location_locations (workspace_id, name_folded, id) where validity_to is not null;
