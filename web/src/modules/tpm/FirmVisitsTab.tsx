import { Button } from '@mantine/core';
import { IconList } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { DataTable } from '../../kit/DataTable';
import { PathLink } from '../../kit/PathLink';
import { useListState } from '../../kit/useListState';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Pager } from '../../ui/Pager';
import { firmVisitsParams, firmVisitsShape } from './firmsList';
import styles from './FirmPeopleTab.module.css';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { useFirm } from './useFirm';
import { visitColumns } from './visitColumns';
import { VisitCard } from './VisitCard';

const sizes = [10, 25, 50];

/** The visits of a firm, and the way to the whole list with its filters. */
export default function FirmVisitsTab() {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const ws = useWorkspace();
  const firm = useFirm();
  const [state, change] = useListState(firmVisitsShape);
  const list = useQuery(visitsQuery(ws, firmVisitsParams(state, firm.id)));
  const rows = list.data?.results;
  const columns = useMemo(() => visitColumns(t, formats, rows ?? [], true), [t, formats, rows]);
  if (list.isError && rows === undefined) {
    return <ErrorState error={list.error} title={t('visits.failed')} onRetry={() => void list.refetch()} retrying={list.isFetching} />;
  }
  return (
    <>
      <div className={styles.bar}>
        <p className={styles.count} aria-live="polite">
          {list.data === undefined ? null : t('visits.count', { count: list.data.count, total: formats.number(list.data.count) })}
        </p>
        <Button component={PathLink} to={paths.visits(ws, { firm: String(firm.id) })} variant="default" leftSection={<IconList size={16} stroke={1.7} />}>
          {t('firm.openList')}
        </Button>
      </div>
      <DataTable
        caption={t('firm.visitsOf', { firm: firm.name })}
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
        card={(visit) => <VisitCard visit={visit} ownFirm />}
        skeletons={6}
        empty={
          <EmptyState drawing="nothing" title={t('visits.none')}>
            {t('firm.noVisits')}
          </EmptyState>
        }
      />
      {list.data !== undefined && list.data.count > (sizes[0] ?? 0) ? (
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
    </>
  );
}
