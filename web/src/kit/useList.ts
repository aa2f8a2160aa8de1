import { type QueryKey, useQuery, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import type { Page } from '../api/client';
import { withValues } from '../ui/filters';
import type { QuickFilter } from '../ui/FilterBar';
import type { ListShape, ListState } from './listState';
import { useListState } from './useListState';

/** A list that the server searches, filters, sorts and pages: what its address says, and the page of rows that fits it. */
export interface List<Row> {
  shape: ListShape;
  state: ListState;
  change: (to: Partial<ListState>) => void;
  query: UseQueryResult<Page<Row>>;
  /** undefined while the first answer is on its way. */
  rows: readonly Row[] | undefined;
}

/** A list whose state stands in the address; `options` asks for its rows. Keep the shape at module level. */
export function useList<Row, Key extends QueryKey>(shape: ListShape, options: (state: ListState) => UseQueryOptions<Page<Row>, Error, Page<Row>, Key>): List<Row> {
  const [state, change] = useListState(shape);
  const query = useQuery(options(state));
  return { shape, state, change, query, rows: query.data?.results };
}

/** A filter of the list that is either `yes` or not there, at one press. */
export function quickFilter<Row>({ state, change }: List<Row>, name: string, label: string): QuickFilter {
  const on = state.filters[name]?.[0] === 'yes';
  return {
    key: name,
    label,
    on,
    onToggle: () => {
      change({ filters: withValues(state.filters, name, on ? [] : ['yes']) });
    },
  };
}
