import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { visitsParams, visitsShape } from './visitsList';

const orderings = { number: 'vendor_number', name: 'name', phone: 'phone_number', email: 'email' } as const;
const peopleOrderings = { name: 'user__first_name', email: 'user__email' } as const;

const isAnswer = (value: string) => value === 'yes' || value === 'no';

/** What the address of the list of firms may say. */
export const firmsShape: ListShape = {
  filters: ['blocked', 'marked', 'hidden'],
  accepts: { blocked: isAnswer, marked: isAnswer, hidden: (value) => value === 'yes' },
  ordering: 'number',
  orderings: Object.keys(orderings),
  pageSize: 25,
};

/** What the address of a firm's people may say. */
export const peopleShape: ListShape = {
  filters: ['show'],
  accepts: { show: (value) => value === 'inactive' || value === 'all' },
  ordering: 'name',
  orderings: Object.keys(peopleOrderings),
  pageSize: 10,
};

/** What the address of a firm's visits may say: the list's words without its filters. */
export const firmVisitsShape: ListShape = { ...visitsShape, filters: [], pageSize: 10 };

/** The state of the list of firms in the server's words. Hidden firms show only when they are asked for. */
export function firmsParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  return {
    page,
    page_size: pageSize,
    ordering: inWords(ordering, orderings),
    search: search.trim(),
    blocked: answer(filters.blocked),
    deleted_flag: answer(filters.marked),
    hidden: answer(filters.hidden) ?? false,
  };
}

/** The state of the list of a firm's people in the server's words. Those who do not act for it here any more show only when they are asked for. */
export function peopleParams({ search, filters, ordering, page, pageSize }: ListState): Query {
  const show = filters.show?.[0];
  return {
    page,
    page_size: pageSize,
    ordering: inWords(ordering, peopleOrderings),
    search: search.trim(),
    has_active_realm: show === 'all' ? undefined : show !== 'inactive',
  };
}

/** The state of the list of a firm's visits in the server's words. */
export function firmVisitsParams(state: ListState, firm: number): Query {
  return visitsParams({ ...state, filters: { firm: [String(firm)] } });
}

function answer(values: readonly string[] | undefined): boolean | undefined {
  const [value] = values ?? [];
  return value === undefined ? undefined : value === 'yes';
}

function inWords(ordering: string, words: Readonly<Record<string, string>>): string {
  const name = ordering.replace(/^-/, '');
  const word = words[name] ?? name;
  return ordering.startsWith('-') ? `-${word}` : word;
}
