import type { ReactNode } from 'react';
import styles from './FirmClip.module.css';

/**
 * One line that is cut where there is no room for all of it, at its own end whatever the language of the page. `ltr` is for
 * numbers and addresses.
 */
export function FirmClip({ ltr = false, children }: { ltr?: boolean; children: ReactNode }) {
  return (
    <span className={styles.row}>
      <bdi className={styles.clip} {...(ltr && { dir: 'ltr' })}>
        {children}
      </bdi>
    </span>
  );
}
