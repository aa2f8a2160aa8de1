import type { ReactNode } from 'react';
import { Count } from '../ui/Count';
import { PathLink } from './PathLink';
import styles from './Tabs.module.css';

/** A part of a record or a subject with an address of its own. */
export interface Tab {
  key: string;
  label: ReactNode;
  to: string;
  here: boolean;
  count?: number | undefined;
}

/** Links to the parts of a page, below its head. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <PathLink key={tab.key} to={tab.to} current={tab.here} className={styles.tab} aria-current={tab.here ? 'page' : undefined} data-here={tab.here || undefined}>
          {tab.label}
          {tab.count === undefined ? null : <Count value={tab.count} />}
        </PathLink>
      ))}
    </nav>
  );
}
