import type { ReactNode } from 'react';
import styles from './Tag.module.css';

/** A property of a thing, in a word or two. Not a state (StateChip), not a number (Count). */
export function Tag({ children, tone }: { children: ReactNode; tone?: 'warn' | 'info' | 'danger' | 'ok' }) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}
