import type { ReactNode } from 'react';
import styles from './Facts.module.css';

/** Names and values of a record, side by side. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

/** One of them; a dash stands for what is missing. */
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children === '' || children === null || children === undefined ? '–' : typeof children === 'string' ? <bdi>{children}</bdi> : children}</dd>
    </div>
  );
}
