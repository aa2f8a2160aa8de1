import type { FilterValues } from '../ui/filters';

/** What a list's address says: everything needed to show the same rows again. Its own names there are q, sort, page and size. */
export interface ListState {
  search: string;
  filters: FilterValues;
  ordering: string;
  page: number;
  pageSize: number;
}

/** What a list starts from and what its address may name. */
export interface ListShape {
  /** Names of filters that may stand in the address; others are ignored. */
  filters: readonly string[];
  /** Which values of a filter mean something; without an entry all do. */
  accepts?: Readonly<Record<string, (value: string) => boolean>>;
  ordering: string;
  /** Orderings that may stand in the address. */
  orderings: readonly string[];
  pageSize: number;
}

/** Reads a list's state from search parameters, however they were written. Never throws. */
export function readList(raw: Readonly<Record<string, unknown>>, shape: ListShape): ListState {
  const ordering = asText(raw.sort);
  return {
    search: asText(raw.q),
    filters: Object.fromEntries(shape.filters.map((name) => [name, asList(raw[name]).filter(shape.accepts?.[name] ?? Boolean)] as const).filter(([, values]) => values.length > 0)),
    ordering: shape.orderings.includes(ordering.replace(/^-/, '')) ? ordering : shape.ordering,
    page: whole(raw.page, 1, 100_000) ?? 1,
    pageSize: whole(raw.size, 1, 500) ?? shape.pageSize,
  };
}

/** Writes a list's state as search parameters, leaving out what is as the shape has it. */
export function writeList(state: ListState, shape: ListShape): Record<string, string> {
  const written: Record<string, string> = {};
  if (state.search !== '') written.q = state.search;
  for (const name of shape.filters) {
    const values = state.filters[name] ?? [];
    if (values.length > 0) written[name] = values.join(',');
  }
  if (state.ordering !== shape.ordering) written.sort = state.ordering;
  if (state.pageSize !== shape.pageSize) written.size = String(state.pageSize);
  if (state.page > 1) written.page = String(state.page);
  return written;
}

/** The state after a change; anything but turning the page goes back to the first one. */
export function changeList(state: ListState, change: Partial<ListState>): ListState {
  return { ...state, page: 1, ...change };
}

/** The names a list's state has in the address besides its filters. */
export const listNames = ['q', 'sort', 'page', 'size'] as const;

/** What an address says of a list that had to be passed over: names whose values mean nothing there. */
export function misread(raw: Readonly<Record<string, unknown>>, shape: ListShape): string[] {
  const written = writeList(readList(raw, shape), shape);
  return [...listNames, ...shape.filters].filter((name) => asText(raw[name]) !== '' && !(name in written) && !isAsAlways(name, asText(raw[name]), shape));
}

/** The state as query parameters of our lists. */
export function listQuery(state: ListState): Record<string, string | number | readonly string[]> {
  return {
    ...state.filters,
    search: state.search,
    ordering: state.ordering,
    page: state.page,
    page_size: state.pageSize,
  };
}

function isAsAlways(name: string, value: string, shape: ListShape): boolean {
  return (name === 'page' && value === '1') || (name === 'size' && value === String(shape.pageSize)) || (name === 'sort' && value === shape.ordering);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function asList(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(asText) : asText(value).split(',');
  return parts.filter((part) => part !== '');
}

function whole(value: unknown, least: number, most: number): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
