/** A role as others name it. */
export interface RoleName {
  id: number;
  name: string;
}

/** An enrolment officer as others name them. */
export interface OfficerName {
  id: number;
  code: string;
  last_name: string;
  other_names: string;
}

/** A place as others name it. */
export interface PlaceName {
  id: number;
  name: string;
}

/** A row of the list of users of a scheme. */
export interface UserRow {
  id: number;
  username: string;
  last_name: string;
  other_names: string;
  email: string;
  phone: string;
  is_active: boolean;
  last_login_at: string | null;
  /** null for somebody who does not sign in. */
  i_user: { roles: RoleName[] } | null;
  officer?: { id: number; code: string } | null;
  claim_admin?: { id: number; code: string } | null;
  health_facility?: { id: number; code: string; name: string } | null;
}

/** A user of a scheme in full. */
export interface SchemeUser extends Omit<UserRow, 'officer' | 'claim_admin'> {
  /** The version that was read. */
  version: number;
  language: string;
  districts?: { id: number; location: PlaceName & { code: string } }[];
  officer?: {
    id: number;
    dob: string | null;
    address: string;
    location: PlaceName | null;
    works_to: string | null;
    substitution_officer: OfficerName | null;
    phone_communication: boolean;
    officer_villages: { id: number; location: PlaceName }[];
  } | null;
  claim_admin?: { id: number; dob: string | null; health_facility: { id: number; name: string } | null } | null;
}

/** What somebody may be: who signs in, works in villages, writes claims. */
export type Kind = 'INTERACTIVE' | 'OFFICER' | 'CLAIM_ADMIN';

/** A row of the list of roles. */
export interface RoleRow {
  id: number;
  uuid: string;
  name: string;
  alt_language: string;
  /** The number of a shipped role, 0 for others. */
  is_system: number;
  /** It came with the program, and is not changed here. */
  shipped: boolean;
  is_blocked: boolean;
  /** Since when it is as it is. */
  validity_from: string;
}

/** A role with the numbers of its rights. */
export interface Role extends RoleRow {
  /** The version that was read. */
  version: number;
  rights: { right_id: number }[];
}

/** The rights that a module knows, in the reader's language. */
export interface RightGroup {
  module: string;
  rights: { number: number; label: string; mine: boolean }[];
}
