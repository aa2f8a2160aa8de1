import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError } from '../../api/ApiError';
import { address, api, type Page, type Query } from '../../api/client';
import { recordFieldsQuery } from '../../kit/extensions';
import { idOf, slugOf } from './paths';
import type { AgreementDetail, Contact, Firm, HistoryEvent, Named, Output, PartnerChoice, PartnerDetail, PlaceChoice, Staff, Visit, VisitInput, VisitRow } from './wire';

/** What rarely changes is asked for again after this long. */
const lookupAge = 5 * 60_000;

const all = ['tpm'] as const;

/** The keys of what this module fetches; every key names the workspace. */
export const keys = {
  all: (ws: string) => [...all, ws] as const,
  lists: (ws: string) => [...all, ws, 'visits'] as const,
  visit: (ws: string, id: number) => [...all, ws, 'visit', id] as const,
  history: (ws: string, id: number) => [...all, ws, 'history', id] as const,
};

/** A page of visits. The last page stays on screen while the next one is on its way. */
export function visitsQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...keys.lists(ws), query],
    queryFn: ({ signal }) => api.get<Page<VisitRow>>('/api/tpm/visits/', { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The address of all visits of a list as a spreadsheet. Downloads send no headers, so the workspace is in the address. */
export function visitsFile(ws: string, query: Query): string {
  return address('/api/tpm/visits/', { ...query, page: undefined, page_size: undefined, format: 'xlsx', schema: ws });
}

const withRights = { include: 'actions,permissions,lists' };

/** A visit with what the reader may do, by id. */
export function visitQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: keys.visit(ws, id),
    queryFn: ({ signal }) => api.get<Visit>(`/api/tpm/visits/${id}/`, { workspace: ws, query: withRights, signal }),
  });
}

/** What administrators made of the fields of visits and their tasks, as this visit has them now. */
export function visitFieldsQuery(ws: string, id: number) {
  return recordFieldsQuery(ws, `/api/tpm/visits/${id}/`, keys.visit(ws, id));
}

/** The id in an address, checked against the visit's own reference number: a made-up one leads nowhere. */
export function visitId(ref: string): number {
  const id = idOf(ref);
  if (id === undefined) throw missing();
  return id;
}

/** Refuses a visit whose reference number is not the one in the address. */
export function checkReference(visit: Visit, ref: string): void {
  if (!/^\d+$/.test(ref) && slugOf(visit.reference_number) !== ref.toLowerCase()) throw missing();
}

function missing() {
  return new ApiError({ status: 404, code: 'not_found', message: 'There is no such visit' });
}

/** What happened to a visit, oldest first. */
export function historyQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: keys.history(ws, id),
    queryFn: ({ signal }) => api.get<HistoryEvent[]>(`/api/tpm/visits/${id}/history/`, { workspace: ws, signal }),
  });
}

/** The version a change was made from, as the server compares it. */
function tag(version: number): string {
  return `W/"${version}"`;
}

/** Creates a draft for a firm. */
export function createVisit(ws: string, firm: number, idempotencyKey: string): Promise<Visit> {
  return api.post<Visit>('/api/tpm/visits/', { tpm_partner: firm }, { workspace: ws, query: withRights, idempotencyKey });
}

/** Changes a visit that was read in `version`; 409 when somebody else was faster. */
export function changeVisit(ws: string, id: number, version: number, input: VisitInput): Promise<Visit> {
  return api.patch<Visit>(`/api/tpm/visits/${id}/`, input, { workspace: ws, query: withRights, ifMatch: tag(version) });
}

/** Makes a move; 409 when somebody else was faster. */
export function moveVisit(ws: string, id: number, version: number, code: string, input: Readonly<Record<string, unknown>>, idempotencyKey: string): Promise<Visit> {
  return api.post<Visit>(`/api/tpm/visits/${id}/${code}/`, input, { workspace: ws, query: withRights, ifMatch: tag(version), idempotencyKey });
}

/** Removes a draft. */
export function deleteVisit(ws: string, id: number, version: number): Promise<void> {
  return api.delete(`/api/tpm/visits/${id}/`, { workspace: ws, ifMatch: tag(version) });
}

/** A look-up that answers with all of its rows. */
function lookup<Row>(ws: string, path: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'lookup', path, query],
    queryFn: ({ signal }) => api.get<Row[]>(path, { workspace: ws, query, signal }),
    staleTime: lookupAge,
  });
}

/** A look-up of which only the first rows of a search are fetched. */
function searched<Row>(ws: string, path: string, search: string, query: Query = {}) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'search', path, query, search],
    queryFn: ({ signal }) => api.get<Page<Row>>(path, { workspace: ws, query: { ...query, search, page: 1 }, signal }),
    staleTime: lookupAge,
    placeholderData: keepPreviousData,
  });
}

/** What people choose from. `used` look-ups hold only what stands in visits the reader may see. */
export const lookups = {
  firms: (ws: string) => lookup<Firm>(ws, '/api/tpm/partners/', { hidden: false, page_size: 'all' }),
  staff: (ws: string, firm: number) => lookup<Staff>(ws, `/api/tpm/partners/${firm}/staff-members/`, { page_size: 'all', user__is_active: true }),
  usedPartners: (ws: string) => lookup<Named>(ws, '/api/tpm/visits/activities/implementing-partners/'),
  usedSections: (ws: string) => lookup<Named>(ws, '/api/tpm/visits/activities/sections/'),
  usedOutputs: (ws: string) => lookup<Output>(ws, '/api/tpm/visits/activities/cp-outputs/'),
  partners: (ws: string) => lookup<PartnerChoice>(ws, '/api/v2/partners/', { hidden: false }),
  outputs: (ws: string) => lookup<Output>(ws, '/api/v2/reports/results/'),
  sections: (ws: string) => lookup<Named>(ws, '/api/reports/sectors/'),
  // People from outside the agency get rows only when they say for which module.
  offices: (ws: string) => lookup<Named>(ws, '/api/offices/', { externals_module: 'tpm' }),
  places: (ws: string, search: string) => searched<PlaceChoice>(ws, '/api/locations-light/', search, { is_active: true }),
  contacts: (ws: string, search: string) => searched<Contact>(ws, '/api/v3/users/', search),
};

/** People of the agency by their ids, to show by name who is chosen in an address. */
export function contactsByIdQuery(ws: string, ids: readonly string[]) {
  return lookup<Contact>(ws, '/api/v3/users/', { values: ids });
}

/** An implementing partner with its agreements. */
export function partnerQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'partner', id],
    queryFn: ({ signal }) => api.get<PartnerDetail>(`/api/v2/partners/${id}/`, { workspace: ws, signal }),
    staleTime: lookupAge,
  });
}

/** An agreement with its outputs. */
export function agreementQuery(ws: string, id: number) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'agreement', id],
    queryFn: ({ signal }) => api.get<AgreementDetail>(`/api/v2/interventions/${id}/`, { workspace: ws, signal }),
    staleTime: lookupAge,
  });
}
