import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { chosenFilters, type Filter, withoutFilter } from '../ui/filters';
import { Pager } from '../ui/Pager';
import type { Column } from './columns';
import { DataTable, type Selection } from './DataTable';
import type { List } from './useList';

/** What a list shows of its rows, and says when there are none. */
export interface ListTableProps<Row extends { id: number }> {
  list: List<Row>;
  /** Says what the table lists; read aloud, not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  /** What a row is called. */
  rowName: (row: Row) => string;
  rowLink?: (row: Row) => string;
  /** A row on phones. */
  card?: (row: Row) => ReactNode;
  selection?: Selection;
  /** The filters by which the list may be narrowed, so that the last one can be offered to be dropped. */
  filters?: readonly Filter[];
  /** What did not load, when it did not. */
  failed: string;
  /** Shown when there is nothing to list at all. */
  none: ReactNode;
  /** Where the search looks, told when it finds nothing. */
  noMatchSearch?: string;
  /** How many rows a page may have, the fewest first: with no more, there are no pages. */
  sizes?: readonly number[];
  skeletons?: number;
}

const usual = [10, 25, 50, 100];

/** The rows of a list with all that can happen to them: they load, fail, are none, fit nothing, are sorted, fill pages. */
export function ListTable<Row extends { id: number }>({ list, filters = [], failed, none, noMatchSearch, sizes = usual, ...table }: ListTableProps<Row>) {
  const { state, change, query, rows } = list;
  if (query.isError && rows === undefined) {
    return <ErrorState error={query.error} title={failed} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  }
  const narrowed = state.search !== '' || Object.keys(state.filters).length > 0;
  const count = query.data?.count ?? 0;
  return (
    <>
      <DataTable
        {...table}
        rows={rows}
        rowId={rowId}
        ordering={state.ordering}
        onOrdering={(ordering) => {
          change({ ordering });
        }}
        stale={query.isPlaceholderData}
        empty={narrowed ? <NoMatch list={list} filters={filters} noMatchSearch={noMatchSearch} /> : none}
      />
      {count > (sizes[0] ?? 0) ? (
        <Pager
          page={state.page}
          pageSize={state.pageSize}
          count={count}
          sizes={sizes}
          onPage={(page) => {
            change({ page });
          }}
          onPageSize={(pageSize) => {
            change({ pageSize });
          }}
        />
      ) : null}
    </>
  );
}

function rowId({ id }: { id: number }): string {
  return String(id);
}

/** Why there are no rows, and the nearest way out. */
function NoMatch<Row>({ list: { state, change }, filters, noMatchSearch }: { list: List<Row>; filters: readonly Filter[]; noMatchSearch: string | undefined }) {
  const { t } = useTranslation('ui');
  const last = chosenFilters(filters, state.filters).at(-1);
  const searchAlone = state.search !== '' && Object.keys(state.filters).length === 0;
  return (
    <EmptyState
      drawing="no_match"
      title={t('list.noMatch')}
      actions={
        <>
          {last === undefined ? null : (
            <Button
              onClick={() => {
                change({ filters: withoutFilter(state.filters, last) });
              }}
            >
              {t('list.drop', { name: last.label })}
            </Button>
          )}
          <Button
            variant={last === undefined ? 'filled' : 'default'}
            onClick={() => {
              change({ search: '', filters: {} });
            }}
          >
            {t(searchAlone ? 'list.clearSearch' : 'list.clearAll')}
          </Button>
        </>
      }
    >
      {last !== undefined ? t('list.noMatchText', { name: last.label }) : searchAlone ? (noMatchSearch ?? t('list.noMatchSearch', { search: state.search })) : t('list.noMatchBoth')}
    </EmptyState>
  );
}
