import { useTranslation } from 'react-i18next';
import type { SignedIn } from '../kit/session';
import { Freshness } from './Freshness';
import styles from './Menu.module.css';
import { MenuList } from './MenuList';
import { useModules } from './modulesContext';
import { PersonMenu } from './PersonMenu';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

/** The menu at the start edge: where, what, and at the foot how fresh and who. Icons only below 1200 px. */
export function Menu({ session }: { session: SignedIn }) {
  const { t } = useTranslation('app');
  const feet = useModules().flatMap((module) => (module.slots?.foot ? [{ name: module.name, Foot: module.slots.foot }] : []));
  return (
    <aside className={styles.menu}>
      <WorkspaceSwitcher session={session} />
      <nav aria-label={t('menu.label')} className={styles.nav}>
        <MenuList session={session} />
      </nav>
      <div className={styles.foot}>
        <Freshness />
        <div className={styles.person}>
          <PersonMenu session={session} />
          {feet.map(({ name, Foot }) => (
            <Foot key={name} />
          ))}
        </div>
      </div>
    </aside>
  );
}
