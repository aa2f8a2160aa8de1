import { Button } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../kit/DataTable';
import type { ListState } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { useListState } from '../../kit/useListState';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FilterBar } from '../../ui/FilterBar';
import { type ChoiceFilter, chosenFilters, type Filter, withoutFilter, withValues } from '../../ui/filters';
import { Pager } from '../../ui/Pager';
import { FirmCard } from './FirmCard';
import { firmColumns } from './firmColumns';
import { firmsFile, firmsQuery } from './firmQueries';
import { firmsParams, firmsShape } from './firmsList';
import { paths } from './paths';

const sizes = [10, 25, 50, 100];

/** The firms that work in the workspace: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function FirmsPage() {
  const { t } = useTranslation('tpm');
  const session = useSession();
  const ws = session.workspace.code;
  const [state, change] = useListState(firmsShape);
  const params = firmsParams(state);
  const list = useQuery(firmsQuery(ws, params));
  const rows = list.data?.results;
  const columns = useMemo(() => firmColumns(t), [t]);
  const filters = useFirmFilters();
  const clear = () => {
    change({ search: '', filters: {} });
  };
  const quick = (['blocked', 'hidden'] as const).map((name) => {
    const on = state.filters[name]?.[0] === 'yes';
    return {
      key: name,
      label: t(`firms.${name}`),
      on,
      onToggle: () => {
        change({ filters: withValues(state.filters, name, on ? [] : ['yes']) });
      },
    };
  });

  return (
    <>
      <PageHead
        title={t('firms.title')}
        count={list.data === undefined ? undefined : t('firms.count', { count: list.data.count })}
        end={
          <>
            <Button component="a" href={firmsFile(ws, params)} download variant="default" leftSection={<IconDownload size={16} stroke={1.7} />}>
              {t('firms.export')}
            </Button>
            <AddButton />
          </>
        }
      />
      <FilterBar
        search={{
          value: state.search,
          label: t('firms.search'),
          placeholder: t('firms.searchHint'),
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
        <ErrorState error={list.error} title={t('firms.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : (
        <DataTable
          caption={t('firms.title')}
          columns={columns}
          rows={rows}
          rowId={(firm) => String(firm.id)}
          rowName={(firm) => firm.name}
          rowLink={(firm) => paths.firm(ws, firm.id)}
          ordering={state.ordering}
          onOrdering={(ordering) => {
            change({ ordering });
          }}
          stale={list.isPlaceholderData}
          card={(firm) => <FirmCard firm={firm} />}
          empty={<NoFirms state={state} filters={filters} change={change} clear={clear} />}
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
  const { t } = useTranslation('tpm');
  const session = useSession();
  if (!session.menu.includes('tpm.firms.add')) return null;
  return (
    <Button component={PathLink} to={paths.newFirm(session.workspace.code)} leftSection={<IconPlus size={16} stroke={1.8} />}>
      {t('firms.add')}
    </Button>
  );
}

function useFirmFilters(): Filter[] {
  const { t } = useTranslation('tpm');
  return useMemo(() => {
    const choice = (name: string, label: string, values: readonly ('yes' | 'no')[]): ChoiceFilter => ({
      kind: 'choice',
      name,
      label,
      single: true,
      useOptions: () => ({ options: values.map((value) => ({ value, label: t(`firms.${value}`) })) }),
    });
    return [choice('blocked', t('firms.blocked'), ['yes', 'no']), choice('marked', t('firms.marked'), ['yes', 'no']), choice('hidden', t('firms.hidden'), ['yes'])];
  }, [t]);
}

/** Why there are no rows, and the nearest way out. */
function NoFirms({ state, filters, change, clear }: { state: ListState; filters: readonly Filter[]; change: (to: Partial<ListState>) => void; clear: () => void }) {
  const { t } = useTranslation('tpm');
  const own = useSession().menu.includes('tpm.firms.own');
  const last = chosenFilters(filters, state.filters).at(-1);
  if (state.search === '' && last === undefined) {
    return (
      <EmptyState drawing="nothing" title={t(own ? 'firms.noneOwn' : 'firms.none')} actions={<AddButton />}>
        {t(own ? 'firms.noneOwnText' : 'firms.noneText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      drawing="no_match"
      title={t('visits.noMatch')}
      actions={
        <>
          {last === undefined ? null : (
            <Button
              onClick={() => {
                change({ filters: withoutFilter(state.filters, last) });
              }}
            >
              {t('visits.drop', { name: last.label })}
            </Button>
          )}
          <Button variant={last === undefined ? 'filled' : 'default'} onClick={clear}>
            {t(state.search !== '' && last === undefined ? 'visits.clearSearch' : 'visits.clearAll')}
          </Button>
        </>
      }
    >
      {last === undefined ? t('firms.noMatchSearch', { search: state.search }) : t('firms.noMatchText', { name: last.label })}
    </EmptyState>
  );
}
