import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError } from '../../api/ApiError';
import { address, api, type Page, type Query } from '../../api/client';
import { type ExtensionValues, fieldsIn, type Metadata, type RecordFields } from '../../kit/extensions';
import { keys } from './queries';
import type { Firm, Permission, Staff } from './wire';

/** What an administrator may have hidden. */
type Hideable = 'phone_number' | 'email';

/** A firm with its people of today, what the reader may do with each field and with the lists below it, and the version it was read in. */
export type FirmDetail = Omit<Firm, Hideable> & Partial<Pick<Firm, Hideable>> & {
  staff_members: Staff[];
  extensions?: ExtensionValues;
  permissions: Partial<Record<keyof Firm | 'staff_members' | 'extensions', Permission>>;
  lists: Readonly<Record<string, Permission>>;
  version: number;
};

/** A person of a firm; `has_active_realm` says whether they act for it in this workspace now. */
export type Member = Staff & { has_active_realm: boolean };

/** What can be changed on a firm; everything else comes from the finance system. */
export interface FirmInput {
  email?: string;
  phone_number?: string;
  hidden?: boolean;
  extensions?: ExtensionValues;
}

/** What the server says of a field that may be sent. */
export interface FieldInfo {
  type: string;
  required: boolean;
  max_length?: number;
}

/** The fields of a firm: which of them the reader may send, and what administrators made of them. */
export interface FirmFields {
  taken: Partial<Record<(typeof firmFields)[number], FieldInfo>>;
  fields: RecordFields;
}

/** The fields of a firm that anybody may be allowed to change, but for those that administrators added. */
export const firmFields = ['phone_number', 'email', 'hidden'] as const;

const path = '/api/tpm/partners/';
const withRights = { include: 'permissions,lists' };

/** The keys of what is fetched of firms; every key names the workspace. */
export const firmKeys = {
  lists: (ws: string) => [...keys.all(ws), 'firms'] as const,
  firm: (ws: string, id: number) => [...keys.all(ws), 'firm', id] as const,
  people: (ws: string, id: number) => [...keys.all(ws), 'firm', id, 'people'] as const,
  /** What visits choose firms from. */
  choices: (ws: string) => [...keys.all(ws), 'lookup', path] as const,
};

/** A page of the firms that work in the workspace. The last page stays on screen while the next one is on its way. */
export function firmsQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...firmKeys.lists(ws), query],
    queryFn: ({ signal }) => api.get<Page<Firm>>(path, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The firm of people who see no other; undefined while it does not work in the workspace. */
export function ownFirmQuery(ws: string) {
  return queryOptions({ ...firmsQuery(ws, { page: 1, page_size: 1 }), select: (page: Page<Firm>) => page.results[0] });
}

/** A firm by id. */
export function firmQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: firmKeys.firm(ws, id),
    queryFn: ({ signal }) => api.get<FirmDetail>(`${path}${id}/`, { workspace: ws, query: withRights, signal }),
  });
}

/** The id in an address; a made-up one leads nowhere. */
export function firmId(ref: string): number {
  if (!/^\d{1,15}$/.test(ref)) throw new ApiError({ status: 404, code: 'not_found', message: 'There is no such firm' });
  return Number(ref);
}

/** What the reader may send of a firm, how long it may be and what it is called; nothing when nothing may be changed. */
export function firmFieldsQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: [...firmKeys.firm(ws, id), 'fields'],
    queryFn: async ({ signal }): Promise<FirmFields> => {
      const { actions } = await api.options<{ actions?: { GET?: Metadata; PUT?: Metadata } }>(`${path}${id}/`, { workspace: ws, signal });
      return { taken: actions?.PUT ?? {}, fields: fieldsIn(actions?.GET, actions?.PUT) };
    },
  });
}

/** A page of a firm's people. */
export function peopleQuery(ws: string, id: number, query: Query) {
  return queryOptions({
    queryKey: [...firmKeys.people(ws, id), query],
    queryFn: ({ signal }) => api.get<Page<Member>>(`${path}${id}/staff-members/`, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Finds a firm by its vendor number, active in the workspace or not; the finance system is asked when it is not known here. */
export function findVendor(ws: string, number: string, signal?: AbortSignal): Promise<FirmDetail> {
  return api.get<FirmDetail>(`${path}sync/${number}/`, { workspace: ws, query: withRights, ...(signal && { signal }) });
}

/** Tells whether a firm is in the workspace's list already, hidden or not. */
export async function worksHere(ws: string, firm: Pick<Firm, 'id' | 'vendor_number'>): Promise<boolean> {
  const { results } = await api.get<Page<Firm>>(path, { workspace: ws, query: { search: firm.vendor_number, page: 1 } });
  return results.some((one) => one.id === firm.id);
}

/** Switches a firm on in the workspace, and shows it where it was hidden. */
export function activateFirm(ws: string, id: number, idempotencyKey: string): Promise<FirmDetail> {
  return api.post<FirmDetail>(`${path}${id}/activate/`, undefined, { workspace: ws, query: withRights, idempotencyKey });
}

/** Changes a firm that was read in `version`; 409 when somebody else was faster. */
export function changeFirm(ws: string, id: number, version: number, input: FirmInput): Promise<FirmDetail> {
  return api.patch<FirmDetail>(`${path}${id}/`, input, { workspace: ws, query: withRights, ifMatch: `W/"${version}"` });
}

/** The address of the firms as a file. Downloads send no headers, so the workspace is in the address. */
export function firmsFile(ws: string, { search, blocked, hidden, deleted_flag }: Query): string {
  return address(`${path}export/`, { search, blocked, hidden, deleted_flag, schema: ws });
}

/** The address of a firm's people as a file. */
export function peopleFile(ws: string, id: number): string {
  return address(`${path}${id}/staff-members/export/`, { schema: ws });
}
