import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { placeValue } from '../../kit/usePlaceOptions';

/** The letters of the levels of facilities, of the care that they give, and of their states. */
export const letters = { level: ['D', 'C', 'H'], care: ['O', 'I', 'B'], status: ['AC', 'IN', 'DE', 'ID'] } as const;

const among = (values: readonly string[]) => (value: string) => values.includes(value);

/** What the address of the list of facilities may say. */
export const facilitiesShape: ListShape = {
  filters: ['place', 'level', 'form', 'care', 'status'],
  accepts: { place: placeValue, level: among(letters.level), form: (value) => /^\w$/.test(value), care: among(letters.care), status: among(letters.status) },
  ordering: 'code',
  orderings: ['code', 'name', 'level', 'care_type', 'legal_form', 'status'],
  pageSize: 25,
};

/** The state of the list in the server's words. A facility lies in a district: a region is looked for above it. */
export function facilitiesParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  const [level, place] = (filters.place?.[0] ?? '').split('.');
  return {
    page,
    page_size: pageSize,
    ordering,
    search: search.trim(),
    level__in: filters.level,
    legal_form__code__in: filters.form,
    care_type__in: filters.care,
    status__in: filters.status,
    location__parent__uuid: level === '0' ? place : undefined,
    location__uuid: level === '0' ? undefined : place,
  };
}
