import type { Query } from '../../api/client';
import { placeValue } from '../../kit/usePlaceOptions';
import type { ListShape, ListState } from '../../kit/listState';

const orderings = { number: 'chf_id', name: 'last_name', born: 'dob', status: 'status' } as const;

/** The bands of age that the list can be narrowed to: from one age to another, both included. */
export const ages = { '0-4': [0, 4], '5-17': [5, 17], '18-59': [18, 59], '60-': [60, undefined] } as const;

const bands: Readonly<Record<string, readonly [number, number | undefined]>> = ages;
const statuses = ['AC', 'IN', 'DE'];
const yes = (value: string) => value === 'yes';

/** What the address of the list of insurees may say. A place is its level and its UUID: `2.01a2…`. */
export const insureesShape: ListShape = {
  filters: ['gender', 'age', 'place', 'status', 'heads', 'alone'],
  accepts: {
    gender: (value) => /^\w{1,2}$/.test(value),
    age: (value) => value in ages,
    place: placeValue,
    status: (value) => statuses.includes(value),
    heads: yes,
    alone: yes,
  },
  ordering: 'number',
  orderings: Object.keys(orderings),
  pageSize: 25,
};

/** The state of the list in the server's words, on a day. */
export function insureesParams({ search, filters, ordering, page, pageSize }: ListState, today: string): Query {
  const [level, place] = (filters.place?.[0] ?? '').split('.');
  const [least, most] = bands[filters.age?.[0] ?? ''] ?? [];
  const name = ordering.replace(/^-/, '') as keyof typeof orderings;
  return {
    page,
    page_size: pageSize,
    ordering: `${ordering.startsWith('-') ? '-' : ''}${orderings[name]}`,
    search: search.trim(),
    gender__code: filters.gender?.[0],
    status: filters.status?.[0],
    // Whoever is 17 was born after this day 18 years ago, and at the latest on this day 17 years ago.
    dob__gt: most === undefined ? undefined : yearsBefore(today, most + 1),
    dob__lte: least === undefined || least === 0 ? undefined : yearsBefore(today, least),
    parent_location: place,
    parent_location_level: place === undefined ? undefined : level,
    head: filters.heads ? true : undefined,
    family__isnull: filters.alone ? true : undefined,
  };
}

/** The same day so many years before; the last of February where there is no 29th. */
function yearsBefore(day: string, years: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year - years, month, 0)).getUTCDate();
  return `${String(year - years).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(Math.min(date, last)).padStart(2, '0')}`;
}
