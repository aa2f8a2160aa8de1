import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { placeValue } from '../../kit/usePlaceOptions';
import type { Kind } from './wire';

/** The letters that the catalogue sorts its entries by. */
export const letters = {
  items: { type: ['D', 'M'], care: ['O', 'I', 'B'] },
  services: { type: ['P', 'C'], category: ['C', 'V', 'A', 'D', 'S', 'H', 'O'], level: ['S', 'V', 'D', 'H'], care: ['O', 'I', 'B'] },
} as const;

const among = (values: readonly string[]) => (value: string) => values.includes(value);

/** What the address of the list of diagnoses may say. */
export const diagnosesShape: ListShape = { filters: [], ordering: 'code', orderings: ['code', 'name'], pageSize: 50 };

/** What the addresses of the lists of items and services may say. */
export const entriesShape: Readonly<Record<Kind, ListShape>> = {
  items: {
    filters: ['type', 'care'],
    accepts: { type: among(letters.items.type), care: among(letters.items.care) },
    ordering: 'code',
    orderings: ['code', 'name', 'type', 'price'],
    pageSize: 25,
  },
  services: {
    filters: ['type', 'category', 'level', 'care'],
    accepts: { type: among(letters.services.type), category: among(letters.services.category), level: among(letters.services.level), care: among(letters.services.care) },
    ordering: 'code',
    orderings: ['code', 'name', 'type', 'category', 'level', 'price'],
    pageSize: 25,
  },
};

/** What the address of the lists of price lists may say. */
export const pricelistsShape: ListShape = {
  filters: ['place', 'national'],
  accepts: { place: placeValue, national: (value) => value === 'yes' },
  ordering: 'name',
  orderings: ['name', 'pricelist_date', 'location'],
  pageSize: 25,
};

/** What the address of a price list may say. */
export const linesShape: ListShape = { filters: ['own'], accepts: { own: (value) => value === 'yes' }, ordering: 'code', orderings: ['code', 'name', 'price', 'price_overrule'], pageSize: 50 };

function common({ search, ordering, page, pageSize }: ListState): Query {
  return { page, page_size: pageSize, ordering, search: search.trim() };
}

/** The state of the list of diagnoses in the server's words. */
export const diagnosesParams = common;

/** The state of the lists of items and services in the server's words. */
export function entriesParams(state: ListState): Query {
  const { type, category, level, care } = state.filters;
  return { ...common(state), type__in: type, category__in: category, level__in: level, care_type__in: care };
}

/** The state of the lists of price lists in the server's words. */
export function pricelistsParams(state: ListState): Query {
  return { ...common(state), location__uuid: state.filters.place?.[0]?.split('.')[1], location__isnull: state.filters.national ? true : undefined };
}

/** The state of a price list in the server's words. */
export function linesParams(state: ListState): Query {
  return { ...common(state), price_overrule__isnull: state.filters.own ? false : undefined };
}
