import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { useFormats } from '../../i18n/useFormats';
import { PathLink } from '../../kit/PathLink';
import { Card } from '../../ui/Card';
import { Clip } from '../../ui/Clip';
import { ErrorState } from '../../ui/ErrorState';
import { SkeletonRows } from '../../ui/SkeletonRows';
import { StateIcon } from '../../ui/StateIcon';
import { placeName } from './names';
import styles from './NextVisits.module.css';
import { paths } from './paths';
import { visitsQuery } from './queries';
import { stateOf } from './status';
import { visitsParams } from './visitsList';

/** The visits whose days come next. */
export function NextVisits({ ws }: { ws: string }) {
  const { t } = useTranslation('tpm');
  const formats = useFormats();
  const filters = { status: ['assigned', 'accepted'], from: [today()] };
  const list = useQuery(visitsQuery(ws, visitsParams({ search: '', filters, ordering: 'dates', page: 1, pageSize: 5 })));
  return (
    <Card title={t('home.next')} end={<PathLink to={paths.visits(ws, { status: 'assigned,accepted', from: today(), sort: 'dates' })}>{t('home.asList')}</PathLink>}>
      {list.data === undefined ? (
        list.isError ? (
          <ErrorState error={list.error} level={3} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        ) : (
          <SkeletonRows rows={3} />
        )
      ) : list.data.results.length === 0 ? (
        <p className={styles.none}>{t('home.nextNone')}</p>
      ) : (
        <ul className={styles.visits}>
          {list.data.results.map((visit) => (
            <li key={visit.id} className={styles.visit}>
              <StateIcon state={stateOf(visit.status)} label={t(`status.${stateOf(visit.status)}`)} />
              <span className={styles.words}>
                <PathLink to={paths.visit(ws, visit)} className={styles.link}>
                  {visit.start_date ? formats.range(visit.start_date, visit.end_date) : visit.reference_number}
                </PathLink>
                <span className={styles.quiet}>
                  <Clip>{(visit.locations ?? []).map(placeName).join(', ') || '–'}</Clip>
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
