/** The two kinds of people whom this module knows: who enrols families, and who writes claims. */
export type Kind = 'officers' | 'claim-admins';

/** A record as others name it. */
export interface Named {
  id: number;
  name: string;
}

/** A village that an officer works in. */
export interface Village {
  id: number;
  location: Named;
}

/** An officer as others name one. */
export interface PersonName {
  id: number;
  code: string;
  last_name: string;
  other_names: string;
}

/** An enrolment officer or a claim administrator. */
export interface Person extends PersonName {
  uuid: string;
  dob: string | null;
  phone: string;
  email: string;
  has_login: boolean;
  /** The user that they are, if they are one: names, code, phone and e-mail are kept there. */
  user: { id: number } | null;
  /** Of an officer. */
  address?: string;
  location?: Named | null;
  works_to?: string | null;
  substitution_officer?: PersonName | null;
  phone_communication?: boolean;
  officer_villages?: readonly Village[];
  veo_code?: string;
  veo_last_name?: string;
  veo_other_names?: string;
  veo_dob?: string | null;
  veo_phone?: string;
  /** Of a claim administrator. */
  health_facility?: (Named & { code: string }) | null;
}

/** Somebody in full, and the version that was read. */
export interface PersonRecord extends Person {
  version: number;
}

/** Somebody's name as it is spoken. */
export function fullName({ other_names, last_name }: Pick<PersonName, 'other_names' | 'last_name'>): string {
  return `${other_names} ${last_name}`.trim();
}
