import { Outlet, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import { FilterBar, type QuickFilter } from '../ui/FilterBar';
import { Note } from '../ui/Note';
import { type ListShape, misread } from './listState';
import { ListTable, type ListTableProps } from './ListTable';
import { PageHead } from './PageHead';

interface Props<Row extends { id: number }> extends Omit<ListTableProps<Row>, 'caption'> {
  title: string;
  /** How many there are, in words. */
  count: (count: number) => string;
  /** What makes it the head of a record that is mostly a list. */
  record?: { trail: ReactNode; facts: ReactNode };
  /** Quiet actions and one primary, at the end of the head. */
  end?: ReactNode;
  /** Where the search looks: its name, and what stands in it before anything is typed. */
  search: { label: string; hint: string };
  quick?: readonly QuickFilter[];
  /** What stands between the head and the filters, such as tabs. */
  tabs?: ReactNode;
  /** What stands below the rows, such as what can be done with those that are selected. */
  foot?: ReactNode;
}

/** The page of a list: heading with its count, search and filters, rows, pages; panels of child routes open over it. All of its state stands in the address. */
export function ListPage<Row extends { id: number }>({ title, count, record, end, search, quick = [], tabs, foot, ...table }: Props<Row>) {
  const { shape, state, change, query } = table.list;
  return (
    <>
      <PageHead title={title} count={query.data === undefined ? undefined : count(query.data.count)} end={end} {...record} />
      {tabs}
      <FilterBar
        search={{
          value: state.search,
          label: search.label,
          placeholder: search.hint,
          onChange: (typed) => {
            change({ search: typed });
          },
        }}
        quick={quick}
        filters={table.filters ?? []}
        values={state.filters}
        onChange={(filters) => {
          change({ filters });
        }}
        onClear={() => {
          change({ search: '', filters: {} });
        }}
      />
      <Misread shape={shape} />
      <ListTable caption={title} {...table} />
      {foot}
      <Outlet />
    </>
  );
}

/** Says what of the address meant nothing and was passed over. */
function Misread({ shape }: { shape: ListShape }) {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  const search: unknown = useSearch({ strict: false });
  const names = misread(search as Record<string, unknown>, shape); // search parameters are always a record
  if (names.length === 0) return null;
  return (
    <Note tone="warn" role="status">
      {t('list.misread', { names: formats.list(names) })}
    </Note>
  );
}
