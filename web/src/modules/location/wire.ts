/** A place of the tree. The counts are of what lies in it now. */
export interface PlaceRow {
  id: number;
  uuid: string;
  name: string;
  p_code: string;
  level: number | null;
  /** The number of the level, 0 for the first. */
  admin_level: number | null;
  admin_level_name: string | null;
  parent: { id: number; name: string; p_code: string } | null;
  is_active: boolean;
  /** The letter of the level, in trees of insurance schemes. */
  type: string;
  male_population: number | null;
  female_population: number | null;
  other_population: number | null;
  families: number | null;
  validity_from: string;
  validity_to: string | null;
  places_within: number;
}

/** A place in full, and the version that was read. */
export interface PlaceRecord extends PlaceRow {
  latitude: number | null;
  longitude: number | null;
  places_below: number;
  version: number;
}

/** A level of the tree. */
export interface Level {
  id: number;
  number: number;
  name: string;
  type: string;
}
