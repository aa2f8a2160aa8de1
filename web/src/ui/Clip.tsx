import type { ReactNode } from 'react';
import styles from './Clip.module.css';

/**
 * One line of text that is cut where there is no room for all of it: at its own end, so that a Latin name keeps its beginning on an Arabic page, and standing at the
 * page's edge. `ltr` is for numbers and addresses.
 */
export function Clip({ ltr = false, children }: { ltr?: boolean; children: ReactNode }) {
  return (
    <span className={styles.row}>
      <bdi className={styles.clip} dir={ltr ? 'ltr' : 'auto'}>
        {children}
      </bdi>
    </span>
  );
}
