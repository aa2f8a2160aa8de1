import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { DataTable } from '../../kit/DataTable';
import type { ListState } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { useListState } from '../../kit/useListState';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FilterBar } from '../../ui/FilterBar';
import { chosenFilters, type Filter, withoutFilter, withValues } from '../../ui/filters';
import { Pager } from '../../ui/Pager';
import { InsureeCard } from './InsureeCard';
import { insureeColumns } from './insureeColumns';
import { insureesParams, insureesShape } from './insureesList';
import { fullName, useWords } from './names';
import { paths } from './paths';
import { insureesQuery } from './queries';
import { useInsureeFilters } from './useInsureeFilters';

const sizes = [10, 25, 50, 100];

/** The people whom the scheme covers: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function InsureesPage() {
  const { t } = useTranslation('insuree');
  const formats = useFormats();
  const ws = useSession().workspace.code;
  const [state, change] = useListState(insureesShape);
  const list = useQuery(insureesQuery(ws, insureesParams(state, today())));
  const rows = list.data?.results;
  const gender = useWords('gender');
  const columns = useMemo(() => insureeColumns(t, formats, gender), [t, formats, gender]);
  const filters = useInsureeFilters();
  const clear = () => {
    change({ search: '', filters: {} });
  };
  const quick = (['heads', 'alone'] as const).map((name) => {
    const on = state.filters[name]?.[0] === 'yes';
    return {
      key: name,
      label: t(`list.${name}`),
      on,
      onToggle: () => {
        change({ filters: withValues(state.filters, name, on ? [] : ['yes']) });
      },
    };
  });

  return (
    <>
      <PageHead title={t('list.title')} count={list.data === undefined ? undefined : t('list.count', { count: list.data.count })} end={<AddButton />} />
      <FilterBar
        search={{
          value: state.search,
          label: t('list.search'),
          placeholder: t('list.searchHint'),
          onChange: (search) => {
            change({ search });
          },
        }}
        quick={quick}
        filters={filters}
        values={state.filters}
        onChange={(values) => {
          change({ filters: values });
        }}
        onClear={clear}
      />
      {list.isError && rows === undefined ? (
        <ErrorState error={list.error} title={t('list.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : (
        <DataTable
          caption={t('list.title')}
          columns={columns}
          rows={rows}
          rowId={(row) => String(row.id)}
          rowName={fullName}
          rowLink={(row) => paths.insuree(ws, row.id)}
          ordering={state.ordering}
          onOrdering={(ordering) => {
            change({ ordering });
          }}
          stale={list.isPlaceholderData}
          card={(row) => <InsureeCard row={row} />}
          empty={<NoInsurees state={state} filters={filters} change={change} clear={clear} />}
        />
      )}
      {list.data !== undefined && list.data.count > 0 ? (
        <Pager
          page={state.page}
          pageSize={state.pageSize}
          count={list.data.count}
          sizes={sizes}
          onPage={(page) => {
            change({ page });
          }}
          onPageSize={(pageSize) => {
            change({ pageSize });
          }}
        />
      ) : null}
      <Outlet />
    </>
  );
}

function AddButton() {
  const { t } = useTranslation('insuree');
  const session = useSession();
  const { searchStr } = useLocation();
  if (!session.menu.includes('insuree.insurees.add')) return null;
  return (
    <Button component={PathLink} to={`${paths.newInsuree(session.workspace.code)}${searchStr}`} leftSection={<IconPlus size={16} stroke={1.8} />}>
      {t('add.open')}
    </Button>
  );
}

/** Why there are no rows, and the nearest way out. */
function NoInsurees({ state, filters, change, clear }: { state: ListState; filters: readonly Filter[]; change: (to: Partial<ListState>) => void; clear: () => void }) {
  const { t } = useTranslation('insuree');
  const last = chosenFilters(filters, state.filters).at(-1);
  const narrowed = state.search !== '' || Object.keys(state.filters).length > 0;
  if (!narrowed) {
    return (
      <EmptyState drawing="nothing" title={t('list.none')} actions={<AddButton />}>
        {t('list.noneText')}
      </EmptyState>
    );
  }
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
          <Button variant={last === undefined ? 'filled' : 'default'} onClick={clear}>
            {t('list.showAll')}
          </Button>
        </>
      }
    >
      {t('list.noMatchText')}
    </EmptyState>
  );
}
