import type { components } from '../../api/generated/openapi';
import type { ExtensionValues } from '../../kit/extensions';

type Schemas = components['schemas'];

/** A record all of whose fields are there: nothing of it depends on who asks. */
type Whole<Record> = { [Name in keyof Record]-?: NonNullable<Record[Name]> };

/** A firm that carries out visits. */
export type Firm = Whole<Schemas['TpmFirmLight']>;
/** A person of the agency, as visits and tasks name them. */
export type Person = Whole<Schemas['AccountUserMin']>;
/** A person of a firm. */
export type Staff = Whole<Schemas['AccountUserStaff']>;
/** A place; its id is text on the wire. */
export type Place = Whole<Schemas['LocationLocationLight']>;
/** A place to choose. */
export type PlaceChoice = Whole<Schemas['LocationLocationChoice']>;
/** A section, an office, or an implementing partner, by name. */
export interface Named {
  id: number;
  name: string;
}

/** The states of a visit on the wire. */
export type Status = NonNullable<Schemas['TpmVisitLight']['status']>;

/**
 * A row of the list of visits. Fields that the reader may not see are absent, so each one may be missing; null means
 * that there is no value yet.
 */
export type VisitRow = Omit<Schemas['TpmVisitLight'], 'id' | 'status' | 'reference_number' | 'tpm_partner' | 'tpm_partner_focal_points' | 'unicef_focal_points' | 'locations' | 'implementing_partners' | 'sections'> & {
  id: number;
  status: Status;
  reference_number: string;
  tpm_partner?: Firm | null;
  tpm_partner_focal_points?: Staff[];
  unicef_focal_points?: Person[];
  implementing_partners?: Named[];
  locations?: Place[];
  sections?: Named[];
};

/** The agreement of a task. */
export type TaskAgreement = Whole<Schemas['OrganisationAgreementTask']>;

/** A task of a visit; fields that the reader may not see are absent. */
export interface Task {
  id: number;
  partner?: Named | null;
  intervention?: TaskAgreement | null;
  cp_output?: { id: string; result_name: string | null; name: string } | null;
  section?: Named;
  unicef_focal_points?: Person[];
  date?: string | null;
  locations?: Place[];
  additional_information?: string;
  offices?: Named[];
  extensions?: ExtensionValues;
  /** It counts as a programmatic visit. */
  is_pv?: boolean;
  /** There is a report about it, so that it may be made to count. */
  pv_applicable?: boolean;
}

/** Why a report was sent back, once. */
export interface SendBackReason {
  id: number;
  rejected_at: string;
  reject_reason: string;
}

/** Something a move asks of the person who makes it. */
export interface ActionInput {
  name: string;
  type: string;
  label: string;
  required: boolean;
  max_length?: number;
}

/** Why a move cannot be made now. */
export interface Blocker {
  field: string;
  code: string;
  message: string;
}

/** A move that this person may make now, or could but for what blocks it. */
export interface Action {
  code: string;
  label: string;
  to: Status;
  primary: boolean;
  needs_comment: boolean;
  input: ActionInput[];
  blocked_by: Blocker[];
}

/** What the reader may do with a field. */
export type Permission = 'none' | 'read' | 'write';

/** What the reader may do with each field of a visit, and of its tasks. */
export interface Permissions {
  [field: string]: Permission | TaskPermissions | undefined;
  'tpm_activities.*'?: TaskPermissions;
}

/** What the reader may do with each field of a task; `_delete` says whether tasks may be removed. */
export interface TaskPermissions {
  [field: string]: Permission | boolean;
}

/** A visit with all the reader may see of it, and what they may do. */
export type Visit = VisitRow & {
  tpm_activities?: Task[];
  cancel_comment?: string;
  reject_comment?: string;
  approval_comment?: string;
  report_reject_comments?: SendBackReason[];
  visit_information?: string;
  extensions?: ExtensionValues;
  actions: Action[];
  permissions: Permissions;
  /** What the reader may do with the lists below the visit, by their address behind the visit's. */
  lists: Readonly<Record<string, Permission>>;
  version: number;
};

/** One change of a field in a visit's history. */
export interface Change {
  field: string;
  label: string;
  kind: string;
  before: unknown;
  after: unknown;
}

/** One event in a visit's history. */
export interface HistoryEvent {
  id: number;
  at: string;
  actor: { id: number; name: string } | null;
  verb: string;
  entity: string;
  record: number;
  from?: Status;
  to?: Status;
  changes: Change[];
}

/** The items of a task as the server takes them. */
export interface TaskInput {
  id?: number;
  partner?: number | null;
  intervention?: number | null;
  cp_output?: number | null;
  section?: number | null;
  date?: string | null;
  locations?: number[];
  unicef_focal_points?: number[];
  offices?: number[];
  additional_information?: string;
  extensions?: ExtensionValues;
  _delete?: true;
}

/** What can be changed on a visit in one go. */
export interface VisitInput {
  tpm_partner_focal_points?: number[];
  visit_information?: string;
  extensions?: ExtensionValues;
  tpm_activities?: TaskInput[];
}

/** An implementing partner to choose. */
export type PartnerChoice = Whole<Schemas['OrganisationPartnerRow']> & { partner_type: string | null };
/** An implementing partner with its agreements. */
export type PartnerDetail = PartnerChoice & { interventions: { id: number; number: string; title: string; status: string }[] };
/** An agreement with the outputs it works on. */
export interface AgreementDetail {
  id: number;
  number: string;
  title: string;
  result_links: { id: number; cp_output: number; cp_output_name: string | null }[];
}
/** A programme result to choose. */
export interface Output {
  id: string | number;
  result_name: string | null;
}
/** A person of the agency to choose. */
export type Contact = Whole<Schemas['AccountUserContact']>;
