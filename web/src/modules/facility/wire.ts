import type { ExtensionValues } from '../../kit/extensions';
/** A record as others name it. */
export interface Named {
  id: number;
  name: string;
}

/** A word of a list that all schemes share. */
export interface Code extends Named {
  code: string;
}

/** A place as a facility names it. */
export interface PlaceRef extends Named {
  p_code: string;
}

/** A village that a facility serves, and how much of it. */
export interface Catchment {
  id: number;
  location: PlaceRef;
  catchment: number | null;
}

/** A health facility; its record says the version that was read, too. */
export interface Facility {
  id: number;
  uuid: string;
  code: string;
  name: string;
  acc_code: string | null;
  legal_form: Code;
  level: string;
  sub_level: Code | null;
  location: PlaceRef;
  address: string | null;
  phone: string | null;
  fax: string | null;
  email: string | null;
  care_type: string;
  services_pricelist: Named | null;
  items_pricelist: Named | null;
  offline: boolean;
  contract_start_date: string | null;
  contract_end_date: string | null;
  status: string;
  catchments: readonly Catchment[];
}

/** A facility in full, and the version that was read. */
export interface FacilityRecord extends Facility {
  /** What administrators added. */
  extensions?: ExtensionValues;
  version: number;
}
