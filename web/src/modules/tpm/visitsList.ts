import type { Query } from '../../api/client';
import type { ListShape, ListState } from '../../kit/listState';
import { isState, statusOf, type VisitState } from './status';

const isId = (value: string) => /^\d{1,15}$/.test(value);
const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

// Short names for people's addresses, and what the server calls the same.
const filters = {
  status: 'status__in',
  firm: 'tpm_partner__in',
  partner: 'tpm_activities__partner__in',
  section: 'tpm_activities__section__in',
  output: 'tpm_activities__cp_output__in',
  office: 'tpm_activities__offices__in',
  focal: 'tpm_activities__unicef_focal_points',
  monitor: 'tpm_partner_focal_points__in',
  from: 'tpm_activities__date__gte',
  to: 'tpm_activities__date__lte',
} as const;

const orderings = {
  reference: 'reference_number',
  status: 'status',
  firm: 'tpm_partner__name',
  dates: 'start_date',
  since: 'status_date',
} as const;

/** A filter of the list of visits, by its name in the address. */
export type VisitFilter = keyof typeof filters;

/** What the address of the list of visits may say. */
export const visitsShape: ListShape = {
  filters: Object.keys(filters),
  accepts: {
    status: isState,
    firm: isId,
    partner: isId,
    section: isId,
    output: isId,
    office: isId,
    focal: isId,
    monitor: isId,
    from: isDay,
    to: isDay,
  },
  ordering: '-reference',
  orderings: Object.keys(orderings),
  pageSize: 25,
};

/** The list's state in the server's words. */
export function visitsParams({ search, filters: chosen, ordering, page, pageSize }: ListState): Query {
  const query: Record<string, string | number | readonly string[]> = { page, page_size: pageSize, ordering: serverOrdering(ordering) };
  // A single letter would match nearly everything and cost the most.
  if (search.trim().length > 1) query.search = search.trim();
  for (const [name, parameter] of Object.entries(filters)) {
    const values = chosen[name] ?? [];
    if (values.length > 0) query[parameter] = name === 'status' ? values.filter(isState).map(statusOf) : values;
  }
  return query;
}

function serverOrdering(ordering: string): string {
  const name = ordering.replace(/^-/, '');
  const field = Object.entries(orderings).find(([ours]) => ours === name)?.[1] ?? orderings.reference;
  return ordering.startsWith('-') ? `-${field}` : field;
}

/** The choice of some visits, as the list's filters name it. */
export interface Slice {
  status: readonly VisitState[];
  focal?: number;
  monitor?: number;
}

/** The filters of a slice. */
export function sliceFilters({ status, focal, monitor }: Slice): Record<string, string[]> {
  return {
    status: [...status],
    ...(focal === undefined ? {} : { focal: [String(focal)] }),
    ...(monitor === undefined ? {} : { monitor: [String(monitor)] }),
  };
}

/** The filters of a slice as search parameters of the list's address. */
export function sliceSearch(slice: Slice): Record<string, string> {
  return Object.fromEntries(Object.entries(sliceFilters(slice)).map(([name, values]) => [name, values.join(',')]));
}

/** The visits of a slice in the server's words: those that have waited longest first. */
export function sliceParams(slice: Slice, pageSize: number, ordering = 'since'): Query {
  return visitsParams({ search: '', filters: sliceFilters(slice), ordering, page: 1, pageSize });
}
