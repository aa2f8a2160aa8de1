import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recordId } from '../../api/ApiError';
import { api, type Page, type Query } from '../../api/client';
import type { Input } from '../../kit/form';
import type { Code, Facility, FacilityRecord, Named } from './wire';

/** Where the server has health facilities. */
export const facilities = '/api/facility/health-facilities/';

/** The keys of what is fetched of facilities; every key names the workspace. */
export const keys = {
  all: (ws: string) => ['facility', ws] as const,
  one: (ws: string, id: number) => ['facility', ws, 'one', id] as const,
};

/** A page of facilities. The last page stays on screen while the next one is on its way. */
export function facilitiesQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...keys.all(ws), 'list', query],
    queryFn: ({ signal }) => api.get<Page<Facility>>(facilities, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

const withVersion = { include: 'permissions' };

/** A facility by the id in an address. */
export function facilityQuery(ws: string, id: string | number) {
  const number = recordId(String(id));
  return queryOptions({
    queryKey: keys.one(ws, number),
    queryFn: ({ signal }) => api.get<FacilityRecord>(`${facilities}${number}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** The legal forms and sub-levels that all schemes share. */
export function codesQuery(ws: string, list: 'legal-forms' | 'sub-levels') {
  return queryOptions({
    queryKey: [...keys.all(ws), list],
    queryFn: async ({ signal }) => (await api.get<Page<Code>>(`/api/facility/${list}/`, { workspace: ws, query: { page_size: 100 }, signal })).results,
    staleTime: 10 * 60_000,
  });
}

/** The price lists that a facility may have. */
export function pricelistsQuery(ws: string, kind: 'items' | 'services') {
  return queryOptions({
    queryKey: ['medical', ws, 'choices', kind],
    queryFn: async ({ signal }) => (await api.get<Page<Named>>(`/api/medical/${kind}-pricelists/`, { workspace: ws, query: { fields: 'id,name', page_size: 200 }, signal })).results,
    staleTime: 60_000,
  });
}

/** Opens a facility in the books. */
export function addFacility(ws: string, input: Input, idempotencyKey: string): Promise<FacilityRecord> {
  return api.post<FacilityRecord>(facilities, input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes a facility that was read in `version`; 409 when somebody else was faster. */
export function changeFacility(ws: string, id: number, version: number, input: Input): Promise<FacilityRecord> {
  return api.patch<FacilityRecord>(`${facilities}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Ends the validity of a facility. */
export function closeFacility(ws: string, id: number): Promise<void> {
  return api.delete(`${facilities}${id}/`, { workspace: ws });
}
