import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { today } from '../../i18n/format';
import { LifecycleRail, type RailStep } from '../../ui/LifecycleRail';
import { aheadOf, reachedStates } from './story';
import { usePhone } from './usePhone';
import styles from './VisitRail.module.css';
import type { HistoryEvent, Visit } from './wire';

/** Where a visit stands on its way, with dates, people and rounds. On phones only the present step, until asked for all. */
export function VisitRail({ visit, history }: { visit: Visit; history: readonly HistoryEvent[] | undefined }) {
  const { t } = useTranslation('tpm');
  const phone = usePhone();
  const [open, setOpen] = useState(false);
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
  if (!phone) {
    return (
      <div className={styles.band}>
        <LifecycleRail steps={steps} label={t('visit.life')} />
      </div>
    );
  }
  return (
    <div className={styles.folded}>
      <LifecycleRail steps={open ? steps : steps.filter(({ phase }) => phase === 'current')} label={t('visit.life')} />
      <Button
        variant="subtle"
        size="sm"
        aria-expanded={open}
        rightSection={open ? <IconChevronUp size={15} stroke={1.8} /> : <IconChevronDown size={15} stroke={1.8} />}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {t(open ? 'visit.foldLife' : 'visit.wholeLife')}
      </Button>
    </div>
  );
}
