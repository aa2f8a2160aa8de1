import { IconShieldLock } from '@tabler/icons-react';
import type { WebModule } from '../../kit/module';
import { paths } from './paths';
import { rowsQuery, vocabularyQuery } from './queries';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** Who may do what: every rule in words, and the way to change them for whoever administers the installation. */
export const permission: WebModule = {
  name: 'permission',
  routes: [
    {
      path: 'admin/permissions',
      needs: 'permission.rows',
      load: () => import('./PermissionsPage'),
      // Started, not awaited: the page shows rows that stand in for the list.
      loader: ({ queryClient, params }) => {
        queryClient.query(rowsQuery(params.ws ?? '')).catch(shownByThePage);
        queryClient.query({ ...vocabularyQuery(params.ws ?? ''), staleTime: 'static' }).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [{ path: 'new', needs: 'permission.rows', load: () => import('./AddRulePanel') }],
    },
  ],
  menu: [{ key: 'permission.rows', label: 'permission:menu.rules', about: 'permission:home.text', group: 'permission:menu.group', icon: IconShieldLock, to: (ws) => paths.rules(ws), order: 90 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
