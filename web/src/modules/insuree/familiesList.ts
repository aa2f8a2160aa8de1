import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { placeValue } from '../../kit/usePlaceOptions';

const orderings = { number: 'head_insuree__chf_id', name: 'head_insuree__last_name' } as const;

/** What the address of the list of families may say. */
export const familiesShape: ListShape = {
  filters: ['place', 'poor'],
  accepts: { place: placeValue, poor: (value) => value === 'yes' },
  ordering: 'number',
  orderings: Object.keys(orderings),
  pageSize: 25,
};

/** The state of the list in the server's words. */
export function familiesParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  const [level, place] = (filters.place?.[0] ?? '').split('.');
  const name = ordering.replace(/^-/, '') as keyof typeof orderings; // the shape allows no other
  return {
    page,
    page_size: pageSize,
    ordering: `${ordering.startsWith('-') ? '-' : ''}${orderings[name]}`,
    search: search.trim(),
    parent_location: place,
    parent_location_level: place === undefined ? undefined : level,
    poverty: filters.poor ? true : undefined,
  };
}
