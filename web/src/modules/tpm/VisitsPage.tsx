import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { AddLink } from '../../kit/AddLink';
import { ListPage } from '../../kit/ListPage';
import { useSession } from '../../kit/session';
import { type List, useList } from '../../kit/useList';
import { EmptyState } from '../../ui/EmptyState';
import { actsForFirm, deskOf, plans } from './desk';
import { paths } from './paths';
import { visitsFile, visitsQuery } from './queries';
import { useVisitFilters } from './useVisitFilters';
import { visitColumns } from './visitColumns';
import { VisitCard } from './VisitCard';
import { type Slice, sliceFilters, sliceParams, visitsParams, visitsShape } from './visitsList';
import type { VisitRow } from './wire';

/** The list of visits: searched, filtered, sorted and paged by the server, all of it kept in the address. */
export default function VisitsPage() {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const list = useList(visitsShape, (state) => visitsQuery(ws, visitsParams(state)));
  const { rows } = list;
  const ownFirm = actsForFirm(session);
  const columns = useMemo(() => visitColumns(t, formats, rows ?? [], ownFirm), [t, formats, rows, ownFirm]);
  const desk = deskOf(session);
  const waiting = useQuery(visitsQuery(ws, sliceParams(desk.waiting, 1)));
  const mine: Slice | undefined = ownFirm || plans(session) ? undefined : { status: [], focal: session.user.id };
  const add = plans(session) ? <AddLink to={paths.newVisit(ws)}>{t('visits.new')}</AddLink> : null;
  return (
    <ListPage
      list={list}
      title={t('visits.title')}
      count={(count) => t('visits.count', { count })}
      end={
        <>
          <Button component="a" href={visitsFile(ws, visitsParams(list.state))} download variant="default" leftSection={<IconDownload size={16} stroke={1.7} />}>
            {t('visits.export')}
          </Button>
          {add}
        </>
      }
      search={{ label: t('visits.search'), hint: t('visits.searchHint') }}
      quick={[
        { key: 'waiting', label: t('visits.waiting'), count: waiting.data?.count, ...quick(list, desk.waiting) },
        ...(mine ? [{ key: 'mine', label: t('visits.mine'), ...quick(list, mine) }] : []),
      ]}
      filters={useVisitFilters()}
      columns={columns}
      rowName={(visit) => visit.reference_number}
      rowLink={(visit) => paths.visit(ws, visit)}
      card={(visit) => <VisitCard visit={visit} ownFirm={ownFirm} />}
      failed={t('visits.failed')}
      none={
        <EmptyState drawing="nothing" title={t('visits.none')} actions={add}>
          {t(ownFirm ? 'visits.noneFirm' : 'visits.noneText')}
        </EmptyState>
      }
      noMatchSearch={t('visits.noMatchSearch', { search: list.state.search })}
    />
  );
}

function quick({ state: { filters }, change }: List<VisitRow>, slice: Slice) {
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
