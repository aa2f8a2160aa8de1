import { Button } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { DataTable } from '../../kit/DataTable';
import { type ListState, misread } from '../../kit/listState';
import { PageHead } from '../../kit/PageHead';
import { PathLink } from '../../kit/PathLink';
import { useSession } from '../../kit/session';
import { useListState } from '../../kit/useListState';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FilterBar } from '../../ui/FilterBar';
import { chosenFilters, type Filter, withoutFilter } from '../../ui/filters';
import { Note } from '../../ui/Note';
import { Pager } from '../../ui/Pager';
import { actsForFirm, deskOf, plans } from './desk';
import { paths } from './paths';
import { visitsFile, visitsQuery } from './queries';
import { useVisitFilters } from './useVisitFilters';
import { visitColumns } from './visitColumns';
import { VisitCard } from './VisitCard';
import { type Slice, sliceFilters, sliceParams, visitsParams, visitsShape } from './visitsList';

const sizes = [10, 25, 50, 100];

/** The list of visits: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function VisitsPage() {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const [state, change] = useListState(visitsShape);
  const filters = useVisitFilters();
  const list = useQuery(visitsQuery(ws, visitsParams(state)));
  const ownFirm = actsForFirm(session);
  const rows = list.data?.results;
  const columns = useMemo(() => visitColumns(t, formats, rows ?? [], ownFirm), [t, formats, rows, ownFirm]);
  const desk = deskOf(session);
  const waiting = useQuery(visitsQuery(ws, sliceParams(desk.waiting, 1)));
  const mine: Slice | undefined = ownFirm || plans(session) ? undefined : { status: [], focal: session.user.id };
  const clear = () => {
    change({ search: '', filters: {} });
  };

  return (
    <>
      <PageHead
        title={t('visits.title')}
        count={list.data === undefined ? undefined : t('visits.count', { count: list.data.count })}
        end={
          <>
            <Button component="a" href={visitsFile(ws, visitsParams(state))} download variant="default" leftSection={<IconDownload size={16} stroke={1.7} />}>
              {t('visits.export')}
            </Button>
            {plans(session) ? (
              <Button component={PathLink} to={paths.newVisit(ws)} leftSection={<IconPlus size={16} stroke={1.8} />}>
                {t('visits.new')}
              </Button>
            ) : null}
          </>
        }
      />
      <FilterBar
        search={{
          value: state.search,
          label: t('visits.search'),
          placeholder: t('visits.searchHint'),
          onChange: (search) => {
            change({ search });
          },
        }}
        quick={[
          {
            key: 'waiting',
            label: t('visits.waiting'),
            count: waiting.data?.count,
            ...quick(state, change, desk.waiting),
          },
          ...(mine ? [{ key: 'mine', label: t('visits.mine'), ...quick(state, change, mine) }] : []),
        ]}
        filters={filters}
        values={state.filters}
        onChange={(values) => {
          change({ filters: values });
        }}
        onClear={clear}
      />
      <Misread />
      {list.isError && rows === undefined ? (
        <ErrorState error={list.error} title={t('visits.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : (
        <DataTable
          caption={t('visits.title')}
          columns={columns}
          rows={rows}
          rowId={(visit) => String(visit.id)}
          rowName={(visit) => visit.reference_number}
          rowLink={(visit) => paths.visit(ws, visit)}
          ordering={state.ordering}
          onOrdering={(ordering) => {
            change({ ordering });
          }}
          stale={list.isPlaceholderData}
          card={(visit) => <VisitCard visit={visit} ownFirm={ownFirm} />}
          empty={<NoVisits state={state} filters={filters} change={change} clear={clear} />}
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

type Change = (to: Partial<ListState>) => void;

function quick({ filters }: ListState, change: Change, slice: Slice) {
  const wanted = sliceFilters(slice);
  const on = Object.entries(wanted).every(([name, values]) => (filters[name] ?? []).join() === values.join());
  return {
    on,
    onToggle: () => {
      const rest = Object.fromEntries(Object.entries(filters).filter(([name]) => !(name in wanted)));
      change({ filters: on ? rest : { ...rest, ...Object.fromEntries(Object.entries(wanted).filter(([, values]) => values.length > 0)) } });
    },
  };
}

/** Says what of the address meant nothing and was passed over. */
function Misread() {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const search: unknown = useSearch({ strict: false });
  const names = misread(search as Record<string, unknown>, visitsShape); // search parameters are always a record
  if (names.length === 0) return null;
  return (
    <Note tone="warn" role="status">
      {t('visits.misread', { names: formats.list(names) })}
    </Note>
  );
}

/** Why there are no rows, and the nearest way out. */
function NoVisits({ state, filters, change, clear }: { state: ListState; filters: readonly Filter[]; change: Change; clear: () => void }) {
  const { t } = useTranslation('tpm');
  const session = useSession();
  const ws = session.workspace.code;
  const chosen = chosenFilters(filters, state.filters);
  const last = chosen.at(-1);
  const narrowed = state.search !== '' || Object.keys(state.filters).length > 0;
  if (!narrowed) {
    return (
      <EmptyState
        drawing="nothing"
        title={t('visits.none')}
        actions={
          plans(session) ? (
            <Button component={PathLink} to={paths.newVisit(ws)} leftSection={<IconPlus size={16} stroke={1.8} />}>
              {t('visits.new')}
            </Button>
          ) : undefined
        }
      >
        {t(actsForFirm(session) ? 'visits.noneFirm' : 'visits.noneText')}
      </EmptyState>
    );
  }
  const searchAlone = state.search !== '' && last === undefined;
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
            {t(searchAlone ? 'visits.clearSearch' : 'visits.clearAll')}
          </Button>
        </>
      }
    >
      {last === undefined ? t('visits.noMatchSearch', { search: state.search }) : t('visits.noMatchText', { name: last.label })}
    </EmptyState>
  );
}
