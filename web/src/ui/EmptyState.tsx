import type { ReactNode } from 'react';
import { Drawing, type DrawingName } from './Drawing';
import styles from './EmptyState.module.css';

/**
 * What stands where there is nothing: a small drawing, a heading, one sentence with the reason and the nearest way out,
 * and at most one primary and one secondary action. `level` is the heading's place in the page.
 */
export function EmptyState({ drawing, title, children, actions, level = 2 }: {
  drawing: DrawingName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  level?: 1 | 2 | 3;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className={styles.empty}>
      <Drawing name={drawing} />
      <Heading className={styles.title}>{title}</Heading>
      {children === undefined ? null : <div className={styles.text}>{children}</div>}
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
