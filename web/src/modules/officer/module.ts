import { IconUserEdit, IconUserPin } from '@tabler/icons-react';
import { fieldsQuery } from '../../kit/form';
import { readList } from '../../kit/listState';
import type { ModuleRoute, WebModule } from '../../kit/module';
import { paths, segment } from './paths';
import { peopleParams, shapes } from './peopleLists';
import { people, peopleQuery, personQuery } from './queries';
import { menuOf } from './useKind';
import type { Kind } from './wire';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

function screens(kind: Kind): ModuleRoute[] {
  const needs = menuOf[kind];
  const path = segment[kind];
  return [
    {
      path,
      needs,
      load: () => import('./PeoplePage'),
      loader: ({ queryClient, params, search }) => {
        queryClient.query(peopleQuery(params.ws ?? '', kind, peopleParams(readList(search, shapes[kind])))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        {
          path: 'new',
          needs: `${needs}.add`,
          load: () => import('./NewPersonPanel'),
          // Known before the panel opens, so that its first field can take the focus.
          loader: ({ queryClient, params }) => queryClient.query({ ...fieldsQuery(params.ws ?? '', people(kind)), staleTime: 'static' }).catch(shownByThePage),
        },
      ],
    },
    {
      path: `${path}/$person`,
      needs,
      load: () => import('./PersonPage'),
      loader: async ({ queryClient, params }) => {
        await queryClient.query({ ...personQuery(params.ws ?? '', kind, params.person ?? ''), staleTime: 'static' });
      },
      children: [{ path: 'edit', needs: `${needs}.change`, load: () => import('./EditPersonPanel') }],
    },
  ];
}

/** Who enrols families in villages, and who writes the claims of health facilities. */
export const officer: WebModule = {
  name: 'officer',
  routes: [...screens('officers'), ...screens('claim-admins')],
  menu: [
    { key: 'officer.officers', label: 'officer:officers.title', about: 'officer:officers.about', group: 'insuree:menu.group', icon: IconUserPin, to: (ws) => paths.list(ws, 'officers'), order: 52 },
    { key: 'officer.claim_admins', label: 'officer:claim-admins.title', about: 'officer:claim-admins.about', group: 'insuree:menu.group', icon: IconUserEdit, to: (ws) => paths.list(ws, 'claim-admins'), order: 54 },
  ],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
