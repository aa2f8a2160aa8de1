{{search location_locations name_folded}};
{{search location_locations p_code_folded}};

-- The unique index leaves out places without a code, so that SQLite cannot use it to find one by its code.
create index location_locations_p_code_idx on location_locations (workspace_id, p_code);
create index location_locations_active_idx on location_locations (workspace_id, is_active, name_folded);
