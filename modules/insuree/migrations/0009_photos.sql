-- The photos that somebody had before are found by the insuree, as those of today are.
create index insuree_photos_versions_insuree_idx on insuree_photos_versions (insuree_id) where past_id is not null;
