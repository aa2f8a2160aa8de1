/** The two kinds of things that can be claimed. */
export type Kind = 'items' | 'services';

/** A diagnosis, by its code of the ICD. */
export interface Diagnosis {
  id: number;
  code: string;
  name: string;
}

/** What items and services have alike. Prices and quantities are exact, so they come as text. */
export interface Entry {
  id: number;
  uuid: string;
  code: string;
  name: string;
  type: string;
  price: string;
  care_type: string;
  maximum_amount: string | null;
  frequency: number | null;
  patient_category: number;
  /** Of an item. */
  package?: string | null;
  quantity?: string | null;
  /** Of a service. */
  category?: string | null;
  level?: string;
  packagetype?: string;
  items?: readonly Part[];
  services?: readonly Part[];
}

/** What a bundle holds: how much of what, and its price there, null for that of the catalogue. */
export interface Part {
  id: number;
  item?: Priced;
  service?: Priced;
  qty_provided: number | null;
  price_asked: string | null;
  /** It counts; without it, it is kept only. */
  status: boolean;
}

/** An entry in full, and the version that was read. */
export interface EntryRecord extends Entry {
  version: number;
}

/** A price list of items or of services. */
export interface Pricelist {
  id: number;
  uuid: string;
  name: string;
  pricelist_date: string;
  location: { id: number; uuid: string; name: string } | null;
}

/** A price list in full, and the version that was read. */
export interface PricelistRecord extends Pricelist {
  version: number;
}

/** What a price list says of something: its price there, null for that of the catalogue. */
export interface Line {
  id: number;
  item?: Priced;
  service?: Priced;
  price_overrule: string | null;
}

/** Something that has a price in the catalogue. */
export interface Priced {
  id: number;
  uuid: string;
  code: string;
  name: string;
  type: string;
  price: string;
}
