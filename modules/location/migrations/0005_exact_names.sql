-- Clients ask for a place by its exact name, too.
create index location_locations_exact_name_idx on location_locations (workspace_id, name);
