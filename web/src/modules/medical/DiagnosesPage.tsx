import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../kit/columns';
import { ListPage } from '../../kit/ListPage';
import { useList } from '../../kit/useList';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { RowCard } from '../../ui/RowCard';
import { CatalogueTabs } from './CatalogueTabs';
import { diagnosesParams, diagnosesShape } from './lists';
import { diagnosesQuery } from './queries';
import type { Diagnosis } from './wire';

/** What can be found wrong with people, by the codes that claims name. */
export default function DiagnosesPage() {
  const { t } = useTranslation('medical');
  const ws = useWorkspace();
  const list = useList(diagnosesShape, (state) => diagnosesQuery(ws, diagnosesParams(state)));
  const columns = useMemo(() => columnsIn(t), [t]);
  return (
    <ListPage
      list={list}
      title={t('catalogue')}
      count={(count) => t('diagnoses.count', { count })}
      tabs={<CatalogueTabs here="diagnoses" />}
      search={{ label: t('diagnoses.search'), hint: t('searchHint') }}
      columns={columns}
      rowName={(row) => row.name}
      card={(row) => <RowCard reference={row.code} name={row.name} />}
      failed={t('failed')}
      none={<EmptyState drawing="nothing" title={t('diagnoses.none')}>{t('diagnoses.noneText')}</EmptyState>}
    />
  );
}

function columnsIn(t: TFunction<'medical'>): Column<Diagnosis>[] {
  return [
    { id: 'code', header: t('field.code'), sort: 'code', width: '120px', cell: (row) => <span className="reference">{row.code}</span> },
    { id: 'name', header: t('field.name'), sort: 'name', cell: (row) => <bdi>{row.name}</bdi> },
  ];
}
