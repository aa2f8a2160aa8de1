import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { placeValue } from '../../kit/usePlaceOptions';
import type { Kind } from './wire';

const yes = (value: string) => value === 'yes';

/** What the addresses of the lists may say. */
export const shapes: Readonly<Record<Kind, ListShape>> = {
  officers: { filters: ['place', 'login'], accepts: { place: placeValue, login: yes }, ordering: 'code', orderings: ['code', 'last_name', 'works_to'], pageSize: 25 },
  'claim-admins': { filters: ['facility', 'login'], accepts: { facility: (value) => /^\d{1,15}$/.test(value), login: yes }, ordering: 'code', orderings: ['code', 'last_name'], pageSize: 25 },
};

/** The state of a list in the server's words. An officer belongs to a district: a region is looked for above it. */
export function peopleParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  const [level, place] = (filters.place?.[0] ?? '').split('.');
  return {
    page,
    page_size: pageSize,
    ordering,
    search: search.trim(),
    location__parent__uuid: level === '0' ? place : undefined,
    location__uuid: level === '0' ? undefined : place,
    health_facility: filters.facility?.[0],
    has_login: filters.login ? true : undefined,
  };
}
