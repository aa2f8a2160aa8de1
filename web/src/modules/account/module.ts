import type { WebModule } from '../../kit/module';
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
  // The person's own menu in the shell leads to the profile.
  menu: [],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
