import { Tooltip } from '@mantine/core';
import { IconHome } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MenuEntry } from '../kit/module';
import { PathLink } from '../kit/PathLink';
import type { SignedIn } from '../kit/session';
import { Count } from '../ui/Count';
import { isBelow, menuGroups } from './menuEntries';
import styles from './MenuList.module.css';
import { useModules } from './modulesContext';

const home: MenuEntry = { label: 'app:menu.home', icon: IconHome, to: (ws) => `/${ws}`, order: 0 };

/** The entries of the menu a person may open, grouped. `wide` keeps the words at every width. */
export function MenuList({ session, wide = false, onFollow }: { session: SignedIn; wide?: boolean; onFollow?: () => void }) {
  const { t } = useTranslation();
  const modules = useModules();
  return (
    <div className={wide ? styles.wide : styles.groups}>
      {menuGroups(modules, session.menu).map(({ group, entries }) => (
        <div key={group ?? ''}>
          {group === undefined ? null : <h2 className={styles.group}>{t(group)}</h2>}
          <ul>
            {(group === undefined ? [home, ...entries] : entries).map((entry) => (
              <Entry key={entry.label} entry={entry} ws={session.workspace.code} allowed={session.menu} onFollow={onFollow} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Entry({ entry, ws, allowed, onFollow }: { entry: MenuEntry; ws: string; allowed: readonly string[]; onFollow?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { pathname, searchStr } = useLocation();
  const useCount = entry.useCount ?? nothing;
  const useChildren = entry.useChildren ?? none;
  const count = useCount(ws);
  const children = useChildren(ws);
  const to = entry.to(ws, allowed);
  const here = `${pathname}${searchStr}`;
  const childIsHere = children.some((child) => child.to === here);
  const current = !childIsHere && (entry === home ? pathname === to : isBelow(pathname, entry.under?.(ws) ?? to));
  const Icon = entry.icon;
  return (
    <li>
      <Tooltip label={t(entry.label)} position="right" classNames={{ tooltip: styles.tip }}>
        <PathLink to={to} className={styles.entry} current={current} onClick={onFollow}>
          <Icon size={17} stroke={1.7} />
          <span className={styles.label}>{t(entry.label)}</span>
          {count === undefined ? null : (
            <span className={styles.count}>
              <Count value={count} mine={entry.countIsMine ?? false} />
            </span>
          )}
        </PathLink>
      </Tooltip>
      {children.length === 0 ? null : (
        <ul className={styles.children}>
          {children.map((child) => (
            <li key={child.key}>
              <PathLink to={child.to} className={styles.child} current={child.to === here} onClick={onFollow}>
                {child.icon}
                <span className={styles.label}>{child.label}</span>
                {child.count === undefined ? null : <Count value={child.count} />}
              </PathLink>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function nothing(): undefined {
  return undefined;
}

function none(): never[] {
  return [];
}
