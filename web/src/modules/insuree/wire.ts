import type { components } from '../../api/generated/openapi';
import type { ExtensionValues } from '../../kit/extensions';
import type { Place } from '../../kit/places';

type Schemas = components['schemas'];

/** A record all of whose fields are there. */
type Whole<Record> = { [Name in keyof Record]-?: Exclude<Record[Name], undefined> };

/** A word of a list: a gender, a profession, a relationship. */
export interface Code {
  id: number;
  name: string;
  alt_language?: string;
}

/** The states of an insuree. */
export type Status = 'AC' | 'IN' | 'DE';

/** Somebody as others name them. */
export interface Person {
  id: number;
  uuid: string;
  chf_id: string;
  last_name: string;
  other_names: string;
  dob: string | null;
}

interface Placed {
  gender: Code | null;
  status: Status;
  current_village: Place | null;
}

/** A row of the list of insurees. */
export type InsureeRow = Omit<Whole<Schemas['InsureeInsuree']>, keyof Placed | keyof Person | 'family' | 'age'> &
  Person &
  Placed & { age: number | null; family: { id: number; uuid: string; location: Place | null } | null };

/** An insuree in full, and the version that was read. */
export type Insuree = Omit<Whole<Schemas['InsureeInsureeRecord']>, keyof Placed | keyof Person | 'family' | 'age' | 'photo' | CodeField> &
  Person &
  Placed &
  Record<CodeField, Code | null> & {
    age: number | null;
    family: { id: number; uuid: string; location: Place | null; head_insuree: Person | null } | null;
    photo: { id: number; uuid: string; date: string | null } | null;
    /** What administrators added. */
    extensions?: ExtensionValues;
    version: number;
  };

type CodeField = 'relationship' | 'type_of_id' | 'profession' | 'education' | 'status_reason';

/** A member of a family. */
export type Member = Person & {
  gender: Code | null;
  age: number | null;
  head: boolean;
  relationship: Code | null;
  phone: string;
  card_issued: boolean;
  photo_date: string | null;
  status: Status;
};

/** A row of the list of families. */
export type FamilyRow = Pick<Family, 'id' | 'uuid' | 'head_insuree' | 'location' | 'poverty' | 'family_type'>;

/** A family in full, and the version that was read. */
export type Family = Omit<Whole<Schemas['InsureeFamilyRecord']>, 'id' | 'uuid' | 'head_insuree' | 'location' | 'family_type' | 'confirmation_type' | 'members'> & {
  id: number;
  uuid: string;
  head_insuree: (Person & { gender: Code | null; age: number | null; phone: string; status: Status }) | null;
  location: Place | null;
  family_type: Code | null;
  confirmation_type: Code | null;
  members: Member[];
  /** What administrators added. */
  extensions?: ExtensionValues;
  version: number;
};

/** Whether a new insuree may have a number. */
export interface Verdict {
  isValid: boolean;
  errorMessage: string | null;
}
