import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../i18n/useFormats';
import { useSession } from '../kit/session';
import styles from './HomePage.module.css';
import { menuGroups } from './menuEntries';
import { useModules } from './modulesContext';

/** The start page of a build in which no module brings a work page: who one is here, and where one can go. */
export default function HomePage() {
  const { t } = useTranslation('app');
  const formats = useFormats();
  const session = useSession();
  const ws = session.workspace.code;
  const places = menuGroups(useModules(), session.menu).flatMap((group) => group.entries);
  const hour = new Date().getHours();
  const greeting = hour < 12 ? 'home.morning' : hour < 18 ? 'home.afternoon' : 'home.evening';
  const workspace = session.workspace.name;
  return (
    <div className={styles.page}>
      <title>{`${t('menu.home')} · ${ws} · Almoner`}</title>
      <h1 className={styles.greeting}>{t(greeting, { name: session.user.first_name || session.user.name })}</h1>
      <p className={styles.where}>
        {session.roles.length === 0 ? t('home.noRole', { workspace }) : t('home.where', { workspace, roles: formats.list(session.roles) })}
      </p>
      {places.length === 0 ? null : (
        <nav aria-label={t('home.places')}>
          <ul className={styles.places}>
            {places.map((entry) => {
              const Icon = entry.icon;
              return (
                <li key={entry.label}>
                  <Link to={entry.to(ws)} className={styles.place}>
                    <Icon size={18} stroke={1.7} />
                    {t(entry.label)}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
      )}
    </div>
  );
}
