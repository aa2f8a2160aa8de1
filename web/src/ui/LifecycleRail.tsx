import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import { StateIcon } from './StateIcon';
import type { StateName } from './states';
import styles from './LifecycleRail.module.css';

/** A step of a record's life. Reached steps have a date; a later round is a pair of steps of its own. */
export interface RailStep {
  key: string;
  state: StateName;
  label: string;
  phase: 'past' | 'current' | 'next';
  /** The day it was reached, `2026-11-14`. */
  date?: string | null;
  /** Who moved the record here. */
  person?: string | null;
  /** 1, 2, … where rounds are told apart. */
  round?: number;
}

/** Where a record is on its way: an ordered list, along the page from 900 px, down the page below. */
export function LifecycleRail({ steps, label }: { steps: readonly RailStep[]; label: string }) {
  const { t } = useTranslation('ui');
  const formats = useFormats();
  return (
    <div className={styles.frame}>
      <ol className={styles.rail} aria-label={label}>
        {steps.map((step, index) => (
          <li
            key={step.key}
            className={styles.step}
            data-phase={step.phase}
            data-tone={step.state}
            data-before={steps[index + 1]?.phase}
            aria-current={step.phase === 'current' ? 'step' : undefined}
          >
            <span className={styles.mark}>
              {step.phase === 'next' ? <span className={styles.open} /> : <StateIcon state={step.state} still={step.phase === 'past' && step.state !== 'sent_back' && step.state !== 'rejected'} />}
            </span>
            <span className={styles.words}>
              <span className={styles.label}>
                {step.label}
                {step.round === undefined ? null : <span className={styles.round}> · {t('round', { round: step.round })}</span>}
              </span>
              <span className={styles.meta}>
                {step.phase === 'next' ? (
                  t('next')
                ) : (
                  <>
                    {step.date ? <bdi>{formats.dayMonth(step.date)}</bdi> : null}
                    {step.date && step.person ? ' · ' : null}
                    {step.person ? <bdi>{step.person}</bdi> : null}
                  </>
                )}
                {step.phase === 'current' ? <VisuallyHidden> {t('now')}</VisuallyHidden> : null}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
