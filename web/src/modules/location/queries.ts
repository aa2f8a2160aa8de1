import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { recordId } from '../../api/ApiError';
import { api, type Page, type Query } from '../../api/client';
import type { Input } from '../../kit/form';
import { placesKey } from '../../kit/places';
import type { Level, PlaceRecord, PlaceRow } from './wire';

/** Where the server has places. */
export const places = '/api/location/locations/';

/** A page of places. */
export function placesPageQuery(ws: string, query: Query) {
  return queryOptions({
    queryKey: [...placesKey(ws), 'page', query],
    queryFn: ({ signal }) => api.get<Page<PlaceRow>>(places, { workspace: ws, query, signal }),
    placeholderData: keepPreviousData,
  });
}

/** The places directly within one, or those within none. */
export function withinQuery(ws: string, parent: number | null) {
  return queryOptions({
    queryKey: [...placesKey(ws), 'within', parent],
    queryFn: ({ signal }) => {
      const query = parent === null ? { parent__isnull: true } : { parent };
      return api.get<PlaceRow[]>(places, { workspace: ws, query: { ...query, ordering: 'name', page_size: 'all' }, signal });
    },
  });
}

const withVersion = { include: 'permissions' };

/** A place by the id in an address. */
export function placeQuery(ws: string, id: string | number) {
  const number = recordId(String(id));
  return queryOptions({
    queryKey: [...placesKey(ws), 'one', number],
    queryFn: ({ signal }) => api.get<PlaceRecord>(`${places}${number}/`, { workspace: ws, query: withVersion, signal }),
  });
}

/** The levels of the tree, the first one first. */
export function levelsQuery(ws: string) {
  return queryOptions({
    queryKey: [...placesKey(ws), 'levels'],
    queryFn: ({ signal }) => api.get<Level[]>('/api/location/levels/', { workspace: ws, query: { ordering: 'number', page_size: 'all' }, signal }),
    staleTime: 10 * 60_000,
  });
}

/** Adds a place. */
export function addPlace(ws: string, input: Input, idempotencyKey: string): Promise<PlaceRecord> {
  return api.post<PlaceRecord>(places, input, { workspace: ws, query: withVersion, idempotencyKey });
}

/** Changes a place that was read in `version`. */
export function changePlace(ws: string, id: number, version: number, input: Input): Promise<PlaceRecord> {
  return api.patch<PlaceRecord>(`${places}${id}/`, input, { workspace: ws, query: withVersion, ifMatch: `W/"${version}"` });
}

/** Hangs a place, with all that lies in it, below another one. */
export function movePlace(ws: string, uuid: string, to: string): Promise<unknown> {
  return api.post('/api/location/move/', { uuid, new_parent_uuid: to }, { workspace: ws });
}

/** Closes a place; what lies in it goes to another one, or is closed with it. */
export function closePlace(ws: string, uuid: string, to: string | undefined): Promise<unknown> {
  return api.post('/api/location/close/', { uuid, ...(to !== undefined && { new_parent_uuid: to }) }, { workspace: ws });
}
