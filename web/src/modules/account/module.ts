import { IconUserShield, IconUsers } from '@tabler/icons-react';
import { readList } from '../../kit/listState';
import type { WebModule } from '../../kit/module';
import { paths } from './paths';
import { profileQuery } from './queries';
import { rolesParams, rolesShape, usersParams, usersShape } from './schemeLists';
import { roleQuery, rolesQuery, usersQuery } from './schemeQueries';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** One's own account, and the users and roles of a scheme. */
export const account: WebModule = {
  name: 'account',
  routes: [
    {
      path: 'settings/profile',
      load: () => import('./ProfilePage'),
      loader: ({ queryClient, params }) => queryClient.query({ ...profileQuery(params.ws ?? ''), staleTime: 'static' }),
    },
    {
      path: 'users',
      needs: 'account.users',
      load: () => import('./UsersPage'),
      // Started, not awaited: the page shows rows that stand in for the list, and keeps the old ones while filters change.
      loader: ({ queryClient, params, search }) => {
        queryClient.query(usersQuery(params.ws ?? '', usersParams(readList(search, usersShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        { path: 'new', needs: 'account.users.add', load: () => import('./UserPanel') },
        { path: '$user', needs: 'account.users.change', load: () => import('./UserPanel') },
      ],
    },
    {
      path: 'roles',
      needs: 'account.roles',
      load: () => import('./RolesPage'),
      loader: ({ queryClient, params, search }) => {
        queryClient.query(rolesQuery(params.ws ?? '', rolesParams(readList(search, rolesShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        { path: 'new', needs: 'account.roles.add', load: () => import('./RolePanel') },
      ],
    },
    {
      path: 'roles/$role',
      needs: 'account.roles',
      load: () => import('./RolePage'),
      loader: async ({ queryClient, params }) => {
        await queryClient.query({ ...roleQuery(params.ws ?? '', params.role ?? ''), staleTime: 'static' });
      },
      children: [{ path: 'edit', needs: 'account.roles.change', load: () => import('./RolePanel') }],
    },
  ],
  // The person's own menu in the shell leads to the profile.
  menu: [
    { key: 'account.users', label: 'account:menu.users', group: 'permission:menu.group', icon: IconUsers, to: (ws) => paths.users(ws), order: 86 },
    { key: 'account.roles', label: 'account:menu.roles', group: 'permission:menu.group', icon: IconUserShield, to: (ws) => paths.roles(ws), order: 87 },
  ],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
