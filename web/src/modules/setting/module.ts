import { IconAdjustments } from '@tabler/icons-react';
import type { WebModule } from '../../kit/module';
import { NoticeBar } from './NoticeBar';
import { paths } from './paths';
import { settingsQuery } from './queries';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** What administrators may change while the program runs, and the notice to everybody that one of these settings is. */
export const setting: WebModule = {
  name: 'setting',
  routes: [
    {
      path: 'admin/settings',
      needs: 'setting.list',
      load: () => import('./SettingsPage'),
      // Started, not awaited: the page shows rows that stand in for the list.
      loader: ({ queryClient, params }) => {
        queryClient.query(settingsQuery(params.ws ?? '')).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [{ path: '$setting', needs: 'setting.list', load: () => import('./SettingPanel') }],
    },
  ],
  menu: [{ key: 'setting.list', label: 'setting:menu.settings', about: 'setting:facts', group: 'permission:menu.group', icon: IconAdjustments, to: (ws) => paths.settings(ws), order: 95 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
  slots: { banner: NoticeBar },
};
