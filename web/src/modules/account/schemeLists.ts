import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import type { Kind } from './wire';

/** What somebody may be, in the order in which it is told. */
export const kinds: readonly Kind[] = ['INTERACTIVE', 'OFFICER', 'CLAIM_ADMIN'];

const orderings = { login: 'username', name: 'last_name', seen: 'last_login' } as const;
const levels = ['region_id', 'district_id', 'municipality_id', 'village_id'];
const yes = (value: string) => value === 'yes';

/** What the address of the list of users may say. A place is the number of its level and its own: `1.17`. */
export const usersShape: ListShape = {
  filters: ['kind', 'role', 'place', 'gone'],
  accepts: { kind: (value) => kinds.some((kind) => kind === value), role: (value) => /^\d{1,15}$/.test(value), place: (value) => /^[0-3]\.\d{1,15}$/.test(value), gone: yes },
  ordering: 'login',
  orderings: Object.keys(orderings),
  pageSize: 25,
};

/** The state of the list of users in the server's words. */
export function usersParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  const [level, place] = (filters.place?.[0] ?? '').split('.');
  const name = ordering.replace(/^-/, '') as keyof typeof orderings; // the shape accepts no other
  return {
    page,
    page_size: pageSize,
    ordering: `${ordering.startsWith('-') ? '-' : ''}${orderings[name]}`,
    str: search.trim(),
    user_types: filters.kind?.[0],
    role_id: filters.role?.[0],
    show_deleted: filters.gone ? true : undefined,
    ...(place === undefined ? {} : { [levels[Number(level)] ?? '']: place }),
  };
}

/** What the address of the list of roles may say. */
export const rolesShape: ListShape = { filters: ['own'], accepts: { own: yes }, ordering: 'name', orderings: ['name'], pageSize: 50 };

/** The state of the list of roles in the server's words. */
export function rolesParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  return { page, page_size: pageSize, ordering: ordering.startsWith('-') ? '-name' : 'name', name__icontains: search.trim(), shipped: filters.own ? false : undefined };
}
