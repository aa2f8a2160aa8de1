import type { ReactNode } from 'react';
import styles from './Card.module.css';

/**
 * A titled part of a page. `flush` lets a table run to the edges. Cards do not stand inside cards.
 */
export function Card({ title, note, end, flush = false, children }: { title?: ReactNode; note?: ReactNode; end?: ReactNode; flush?: boolean; children: ReactNode }) {
  return (
    <section className={styles.card}>
      {title === undefined ? null : (
        <header className={styles.head}>
          <h2 className={styles.title}>{title}</h2>
          {note === undefined ? null : <span className={styles.note}>{note}</span>}
          {end === undefined ? null : <span className={styles.end}>{end}</span>}
        </header>
      )}
      <div className={flush ? undefined : styles.body}>{children}</div>
    </section>
  );
}
