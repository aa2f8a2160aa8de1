import type { ReactNode } from 'react';
import { useOptionalParam } from './useWorkspace';
import styles from './PageHead.module.css';

/**
 * The head of a page: title (the page's one h1, also in the browser's tab), count, and at the end the view switch,
 * quiet actions and one primary. `trail` and `facts` make it the taller head of a record.
 */
export function PageHead({ title, documentTitle, count, chip, trail, facts, end }: {
  title: ReactNode;
  /** The tab's title where `title` is not plain text. */
  documentTitle?: string;
  count?: ReactNode;
  chip?: ReactNode;
  trail?: ReactNode;
  facts?: ReactNode;
  end?: ReactNode;
}) {
  const ws = useOptionalParam('ws');
  const name = documentTitle ?? (typeof title === 'string' ? title : '');
  return (
    <header className={styles.head}>
      <title>{[name, ws, 'Almoner'].filter(Boolean).join(' · ')}</title>
      <div className={styles.words}>
        {trail === undefined ? null : <div className={styles.trail}>{trail}</div>}
        <div className={styles.line}>
          <h1 className={trail === undefined ? styles.title : styles.record}>{title}</h1>
          {count === undefined ? null : (
            <span className={styles.count} aria-live="polite">
              {count}
            </span>
          )}
          {chip}
        </div>
        {facts === undefined ? null : <p className={styles.facts}>{facts}</p>}
      </div>
      {end === undefined ? null : <div className={styles.end}>{end}</div>}
    </header>
  );
}
