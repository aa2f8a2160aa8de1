import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { LifecycleRail, type RailStep } from '../../ui/LifecycleRail';
import { aheadOf, reachedStates } from './story';
import styles from './VisitRail.module.css';
import type { HistoryEvent, Visit } from './wire';

/** Where a visit stands on its way, with dates, people and rounds. */
export function VisitRail({ visit, history }: { visit: Visit; history: readonly HistoryEvent[] | undefined }) {
  const { t } = useTranslation('tpm');
  const reached = reachedStates(visit, history);
  const steps: RailStep[] = [
    ...reached.map((step, index) => ({
      key: `${index}`,
      state: step.state,
      label: t(`status.${step.state}`),
      phase: index === reached.length - 1 ? ('current' as const) : ('past' as const),
      date: step.at.length > 10 ? today(new Date(step.at)) : step.at,
      person: step.person ?? null,
      ...(step.round === undefined ? {} : { round: step.round }),
    })),
    ...aheadOf(visit).map((state) => ({ key: state, state, label: t(`status.${state}`), phase: 'next' as const })),
  ];
  return (
    <div className={styles.band}>
      <LifecycleRail steps={steps} label={t('visit.life')} />
    </div>
  );
}
