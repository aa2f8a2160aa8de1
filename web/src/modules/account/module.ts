import { IconUserCog } from '@tabler/icons-react';
import type { WebModule } from '../../kit/module';
import { paths } from './paths';
import { profileQuery } from './queries';

/** One's own account: profile and settings. */
export const account: WebModule = {
  name: 'account',
  routes: [
    {
      path: 'settings/profile',
      load: () => import('./ProfilePage'),
      loader: ({ queryClient, params }) => queryClient.query({ ...profileQuery(params.ws ?? ''), staleTime: 'static' }),
    },
  ],
  menu: [{ label: 'account:menu.profile', icon: IconUserCog, to: paths.profile, group: undefined, order: 990 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
