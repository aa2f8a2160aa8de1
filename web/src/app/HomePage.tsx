import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import type { MenuEntry } from '../kit/module';
import { PathLink } from '../kit/PathLink';
import { useSession } from '../kit/session';
import styles from './HomePage.module.css';
import { menuGroups } from './menuEntries';
import { useModules } from './modulesContext';

/** The start page of those whose work is no module's own page: who one is here, what one can do, and where. */
export default function HomePage() {
  const { t } = useTranslation('app');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const groups = menuGroups(useModules(), session.menu).filter(({ entries }) => entries.length > 0);
  const [now] = useState(() => new Date());
  const greeting = now.getHours() < 12 ? 'home.morning' : now.getHours() < 18 ? 'home.afternoon' : 'home.evening';
  const workspace = session.workspace.name;
  return (
    <div className={styles.page}>
      <title>{`${t('menu.home')} · ${ws} · Almoner`}</title>
      <header className={styles.head}>
        <div>
          <h1 className={styles.greeting}>{t(greeting, { name: session.user.first_name || session.user.name })}</h1>
          <p className={styles.where}>
            {session.roles.length === 0 ? t('home.noRole', { workspace }) : t('home.where', { workspace, roles: formats.list(session.roles) })}
          </p>
        </div>
        <span className={styles.date}>{formats.longDate(now)}</span>
      </header>
      {groups.map(({ group, entries }) => (
        <nav key={group ?? ''} aria-label={t(group ?? 'home.places')}>
          {group === undefined ? null : <h2 className={styles.group}>{t(group)}</h2>}
          <ul className={styles.places}>
            {entries.map((entry) => (
              <Place key={entry.label} entry={entry} to={entry.to(ws, session.menu)} />
            ))}
          </ul>
        </nav>
      ))}
    </div>
  );
}

/** Somewhere to go, with what is done there; where people are looked for, one can begin at once. */
function Place({ entry, to }: { entry: MenuEntry; to: string }) {
  const { t } = useTranslation('app');
  const Icon = entry.icon;
  return (
    <li className={styles.place}>
      <PathLink to={to} className={styles.link}>
        <span className={styles.icon}>
          <Icon size={20} stroke={1.7} />
        </span>
        <span>
          <span className={styles.name}>{t(entry.label)}</span>
          {entry.about === undefined ? null : <span className={styles.about}>{t(entry.about)}</span>}
        </span>
      </PathLink>
      {entry.search === undefined ? null : <Find to={to} label={t(entry.search)} />}
    </li>
  );
}

function Find({ to, label }: { to: string; label: string }) {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  return (
    <form
      className={styles.find}
      role="search"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to, search: typed.trim() === '' ? {} : { q: typed.trim() } });
      }}
    >
      <TextInput
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        leftSection={<IconSearch size={16} stroke={1.7} />}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <Button type="submit" variant="default">
        {t('home.find')}
      </Button>
    </form>
  );
}
