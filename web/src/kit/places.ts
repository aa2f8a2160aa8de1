import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api/client';

/** A place with those above it. */
export interface Place {
  id: number;
  uuid: string;
  name: string;
  type: string | null;
  parent?: Place | null;
}

/** A place as a list offers it. */
export interface PlaceChoice {
  id: number;
  uuid: string;
  name: string;
  p_code: string;
  admin_level: number | null;
  admin_level_name: string | null;
  parent: { id: number; name: string } | null;
}

/** The key of all that is fetched of places. */
export const placesKey = (ws: string) => ['places', ws] as const;

/** A few places whose name or code has what was typed; of one level when it is given. */
export function placesQuery(ws: string, search: string, type?: string) {
  return queryOptions({
    queryKey: [...placesKey(ws), search, type ?? ''],
    queryFn: async ({ signal }) => (await api.get<Page<PlaceChoice>>('/api/location/locations/', { workspace: ws, query: { search, type, ordering: 'admin_level', page_size: 30 }, signal })).results,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Places by their UUIDs. */
export function placesByUuidQuery(ws: string, uuids: readonly string[]) {
  return queryOptions({
    queryKey: [...placesKey(ws), 'by-uuid', uuids],
    queryFn: async ({ signal }) => (await api.get<Page<PlaceChoice>>('/api/location/locations/', { workspace: ws, query: { uuid__in: uuids, page_size: 100 }, signal })).results,
    staleTime: 10 * 60_000,
  });
}

/** Where somebody is: the place, and the district that it is in where that is another. */
export function placeName(place: Place | null | undefined): string {
  if (!place) return '';
  let district: Place | null | undefined = place;
  while (district && district.type !== 'D') district = district.parent;
  return district && district.id !== place.id ? `${place.name}, ${district.name}` : place.name;
}

/** The names from the first level down to the place. */
export function placePath(place: Place | null | undefined): string[] {
  return place ? [...placePath(place.parent), place.name] : [];
}
