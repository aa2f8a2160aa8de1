import type { ReactNode } from 'react';
import styles from './RecordPage.module.css';

/** The page of a record: its head, its tabs when it has any, and what is below. */
export function RecordPage({ children }: { children: ReactNode }) {
  return <div className={styles.page}>{children}</div>;
}

/** Cards of a record, and at the end edge those that go with them; below each other where there is no room for two. */
export function Columns({ side, children }: { side: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.columns}>
      <div className={styles.column}>{children}</div>
      <div className={styles.column}>{side}</div>
    </div>
  );
}
