import { Tooltip, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Age } from './Age';
import { LateIcon } from './LateIcon';
import { StateIcon } from './StateIcon';
import type { StateName } from './states';
import styles from './StateChip.module.css';

/**
 * A lifecycle state: icon, word, and how long it has lasted. `daysLate` sets the mark of lateness beside the chip and
 * makes the age bold. Never a button.
 */
export function StateChip({ state, label, since, daysLate = 0 }: { state: StateName; label: string; since?: string | null; daysLate?: number }) {
  const { t } = useTranslation('ui');
  const late = daysLate > 0;
  return (
    <span className={styles.pair}>
      <span className={styles.chip} data-tone={state}>
        <StateIcon state={state} size={14} />
        <bdi className={styles.label}>{label}</bdi>
        {since ? (
          <span className={late ? styles.lateAge : styles.age}>
            <span aria-hidden> · </span>
            <Age since={since} />
          </span>
        ) : null}
      </span>
      {late ? (
        <Tooltip label={t('late.byDays', { count: daysLate })}>
          <span className={styles.late}>
            <LateIcon />
            <VisuallyHidden>{t('late.byDays', { count: daysLate })}</VisuallyHidden>
          </span>
        </Tooltip>
      ) : null}
    </span>
  );
}
