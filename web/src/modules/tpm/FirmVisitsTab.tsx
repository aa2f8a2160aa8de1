import { Button } from '@mantine/core';
import { IconList } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/useFormats';
import { ListTable } from '../../kit/ListTable';
import { PathLink } from '../../kit/PathLink';
import { useList } from '../../kit/useList';
import { useWorkspace } from '../../kit/useWorkspace';
import { EmptyState } from '../../ui/EmptyState';
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
  const list = useList(firmVisitsShape, (state) => visitsQuery(ws, firmVisitsParams(state, firm.id)));
  const { query, rows } = list;
  const columns = useMemo(() => visitColumns(t, formats, rows ?? [], true), [t, formats, rows]);
  return (
    <>
      <div className={styles.bar}>
        <p className={styles.count} aria-live="polite">
          {query.data === undefined ? null : t('visits.count', { count: query.data.count, total: formats.number(query.data.count) })}
        </p>
        <Button component={PathLink} to={paths.visits(ws, { firm: String(firm.id) })} variant="default" leftSection={<IconList size={16} stroke={1.7} />}>
          {t('firm.openList')}
        </Button>
      </div>
      <ListTable
        list={list}
        caption={t('firm.visitsOf', { firm: firm.name })}
        columns={columns}
        rowName={(visit) => visit.reference_number}
        rowLink={(visit) => paths.visit(ws, visit)}
        card={(visit) => <VisitCard visit={visit} ownFirm />}
        skeletons={6}
        sizes={sizes}
        failed={t('visits.failed')}
        none={
          <EmptyState drawing="nothing" title={t('visits.none')}>
            {t('firm.noVisits')}
          </EmptyState>
        }
      />
    </>
  );
}
