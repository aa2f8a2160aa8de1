import type { FilterValues } from '../ui/filters';

/** What a list's address says: everything needed to show the same rows again. */
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
  ordering: string;
  /** Orderings that may stand in the address. */
  orderings: readonly string[];
  pageSize: number;
}

/** Reads a list's state from search parameters, however they were written. Never throws. */
export function readList(raw: Readonly<Record<string, unknown>>, shape: ListShape): ListState {
  const ordering = asText(raw.ordering);
  return {
    search: asText(raw.search),
    filters: Object.fromEntries(shape.filters.map((name) => [name, asList(raw[name])] as const).filter(([, values]) => values.length > 0)),
    ordering: shape.orderings.includes(ordering.replace(/^-/, '')) ? ordering : shape.ordering,
    page: whole(raw.page, 1, 100_000) ?? 1,
    pageSize: whole(raw.page_size, 1, 500) ?? shape.pageSize,
  };
}

/** Writes a list's state as search parameters, leaving out what is as the shape has it. */
export function writeList(state: ListState, shape: ListShape): Record<string, string> {
  const written: Record<string, string> = {};
  if (state.search !== '') written.search = state.search;
  for (const name of shape.filters) {
    const values = state.filters[name] ?? [];
    if (values.length > 0) written[name] = values.join(',');
  }
  if (state.ordering !== shape.ordering) written.ordering = state.ordering;
  if (state.pageSize !== shape.pageSize) written.page_size = String(state.pageSize);
  if (state.page > 1) written.page = String(state.page);
  return written;
}

/** The state after a change; anything but turning the page goes back to the first one. */
export function changeList(state: ListState, change: Partial<ListState>): ListState {
  return { ...state, page: 1, ...change };
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
