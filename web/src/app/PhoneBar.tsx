import { Drawer } from '@mantine/core';
import { IconHome, IconUser } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MenuEntry } from '../kit/module';
import { PathLink } from '../kit/PathLink';
import type { SignedIn } from '../kit/session';
import { Freshness } from './Freshness';
import { isBelow, menuGroups } from './menuEntries';
import { MenuList } from './MenuList';
import { useModules } from './modulesContext';
import { PersonMenu } from './PersonMenu';
import styles from './PhoneBar.module.css';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

const home: MenuEntry = { label: 'app:menu.home', icon: IconHome, to: (ws) => `/${ws}`, order: 0 };

/** The bar at the foot of a phone: home, the modules' phone entries, and a sheet with everything else. */
export function PhoneBar({ session }: { session: SignedIn }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const modules = useModules();
  const ws = session.workspace.code;
  const entries = menuGroups(modules, session.menu)
    .flatMap((group) => group.entries)
    .filter((entry) => entry.phone)
    .slice(0, 3);
  const close = () => {
    setOpen(false);
  };
  return (
    <>
      <nav className={styles.bar} aria-label={t('app:menu.label')}>
        {[home, ...entries].map((entry) => (
          <Item key={entry.label} entry={entry} ws={ws} allowed={session.menu} isHome={entry === home} />
        ))}
        <button type="button" className={styles.item} onClick={() => { setOpen(true); }} aria-haspopup="dialog" aria-expanded={open}>
          <span className={styles.pill}>
            <IconUser size={22} stroke={1.7} />
          </span>
          {t('app:menu.me')}
        </button>
      </nav>
      <Drawer opened={open} onClose={close} position="bottom" size="auto" title={session.user.name} closeButtonProps={{ 'aria-label': t('ui:close') }} classNames={{ content: styles.sheet }}>
        <WorkspaceSwitcher session={session} onSwitch={close} />
        <MenuList session={session} wide onFollow={close} />
        <Freshness />
        <PersonMenu session={session} />
      </Drawer>
    </>
  );
}

function Item({ entry, ws, allowed, isHome }: { entry: MenuEntry; ws: string; allowed: readonly string[]; isHome: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const to = entry.to(ws, allowed);
  const current = isHome ? pathname === to : isBelow(pathname, entry.under?.(ws) ?? to);
  const useCount = entry.useCount ?? nothing;
  const count = useCount(ws);
  const Icon = entry.icon;
  return (
    <PathLink to={to} className={styles.item} current={current}>
      <span className={styles.pill}>
        <Icon size={22} stroke={1.7} />
        {count && entry.countIsMine ? <span className={styles.badge}>{count}</span> : null}
      </span>
      {t(entry.label)}
    </PathLink>
  );
}

function nothing(): undefined {
  return undefined;
}
