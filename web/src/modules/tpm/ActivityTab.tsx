import { useQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { QueryBoundary } from '../../kit/QueryBoundary';
import { useWorkspace } from '../../kit/useWorkspace';
import { Card } from '../../ui/Card';
import { EmptyState } from '../../ui/EmptyState';
import { Segmented } from '../../ui/Segmented';
import { historyQuery } from './queries';
import { StoryList } from './StoryList';
import { tell, type Told } from './story';
import styles from './TasksTab.module.css';
import { useVisit } from './useVisit';

const kinds = ['all', 'moves', 'edits'] as const;
type Kind = (typeof kinds)[number];

/** Everything that happened to the visit; which kind is shown stands in the address. */
export default function ActivityTab() {
  const { t } = useTranslation('tpm');
  const ws = useWorkspace();
  const visit = useVisit();
  const router = useRouter();
  const search: unknown = useSearch({ strict: false });
  const kind = kindIn(search);
  const options = historyQuery(ws, visit.id);
  const history = useQuery(options);
  return (
    <div className={styles.page}>
      <Card
        title={t('tab.activity')}
        end={
          <Segmented
            label={t('activity.show')}
            value={kind}
            onChange={(value) => {
              void router.navigate({ to: '.', search: value === 'all' ? {} : { show: value }, replace: true });
            }}
            options={kinds.map((value) => ({ value, label: t(`activity.kind.${value}`) }))}
          />
        }
      >
        <QueryBoundary query={history} queryKey={options.queryKey} title={t('activity.failed')}>
          {(events) => {
            const told = tell(events).filter((one) => isOf(one, kind));
            return told.length === 0 ? (
              <EmptyState drawing="no_match" title={t('activity.none')}>
                {t('activity.noneText')}
              </EmptyState>
            ) : (
              <StoryList visit={visit} told={told} />
            );
          }}
        </QueryBoundary>
      </Card>
    </div>
  );
}

function kindIn(search: unknown): Kind {
  const show = typeof search === 'object' && search !== null && 'show' in search ? search.show : undefined;
  return kinds.find((kind) => kind === show) ?? 'all';
}

function isOf({ first }: Told, kind: Kind): boolean {
  if (kind === 'all') return true;
  const move = first.to !== undefined;
  return kind === 'moves' ? move : !move;
}
