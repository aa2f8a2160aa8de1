import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../i18n/languages';
import { setLanguage } from '../i18n/i18n';
import { useSession } from '../kit/session';
import { Menu } from './Menu';
import { useModules } from './modulesContext';
import { PhoneBar } from './PhoneBar';
import { useChoiceNames } from './useChoiceNames';
import styles from './WorkspaceLayout.module.css';

/** The frame of every page in a workspace: skip link, menu, content panel; on phones the bar at the foot. */
export default function WorkspaceLayout() {
  const { t } = useTranslation('app');
  const session = useSession();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const modules = useModules();
  useChoiceNames(modules, session.choice_names);
  const banners = modules.flatMap((module) => (module.slots?.banner ? [{ name: module.name, Banner: module.slots.banner }] : []));

  // A person's language goes before the browser's, once known.
  const wished = session.user.language;
  useEffect(() => {
    if (isLanguage(wished)) void setLanguage(wished);
  }, [wished]);

  // A followed menu link leaves the focus in the menu: the new page is where reading goes on.
  const arrived = useRef(pathname);
  useEffect(() => {
    if (arrived.current === pathname) return;
    arrived.current = pathname;
    const active = document.activeElement;
    if (active === null || active === document.body || active.closest('nav') !== null) main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <div className={styles.frame}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('skip')}
      </a>
      <Menu session={session} />
      <div className={styles.stage}>
        {banners.map(({ name, Banner }) => (
          <Banner key={name} />
        ))}
        <main id="main" ref={main} tabIndex={-1} className={styles.panel}>
          <Outlet />
        </main>
      </div>
      <PhoneBar session={session} />
    </div>
  );
}
