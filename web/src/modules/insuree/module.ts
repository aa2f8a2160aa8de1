import { IconHome2, IconUsersGroup } from '@tabler/icons-react';
import { recordId } from '../../api/ApiError';
import { today } from '../../i18n/format';
import { fieldsQuery } from '../../kit/form';
import { readList } from '../../kit/listState';
import type { WebModule } from '../../kit/module';
import { familiesParams, familiesShape } from './familiesList';
import { insureesParams, insureesShape } from './insureesList';
import { paths } from './paths';
import { familiesPageQuery, familyQuery, insureeQuery, insurees, insureesQuery } from './queries';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** The people whom a scheme covers, and their families. */
export const insuree: WebModule = {
  name: 'insuree',
  choices: { 'insuree.insuree.status': 'status.' },
  routes: [
    {
      path: 'insurees',
      needs: 'insuree.insurees',
      load: () => import('./InsureesPage'),
      // Started, not awaited: the page shows rows that stand in for the list, and keeps the old ones while filters change.
      loader: ({ queryClient, params, search }) => {
        queryClient.query(insureesQuery(params.ws ?? '', insureesParams(readList(search, insureesShape), today()))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        {
          path: 'new',
          needs: 'insuree.insurees.add',
          load: () => import('./NewInsureePanel'),
          // Known before the panel opens, so that its first field can take the focus.
          loader: ({ queryClient, params }) => queryClient.query({ ...fieldsQuery(params.ws ?? '', insurees), staleTime: 'static' }).catch(shownByThePage),
        },
      ],
    },
    {
      path: 'insurees/$insuree',
      needs: 'insuree.insurees',
      load: () => import('./InsureePage'),
      loader: async ({ queryClient, params }) => {
        await queryClient.query({ ...insureeQuery(params.ws ?? '', recordId(params.insuree ?? '')), staleTime: 'static' });
      },
      children: [{ path: 'edit', needs: 'insuree.insurees.change', load: () => import('./EditInsureePanel') }],
    },
    {
      path: 'families',
      needs: 'insuree.families',
      load: () => import('./FamiliesPage'),
      loader: ({ queryClient, params, search }) => {
        queryClient.query(familiesPageQuery(params.ws ?? '', familiesParams(readList(search, familiesShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
    },
    {
      path: 'families/$family',
      needs: 'insuree.families',
      load: () => import('./FamilyPage'),
      loader: async ({ queryClient, params }) => {
        await queryClient.query({ ...familyQuery(params.ws ?? '', recordId(params.family ?? '')), staleTime: 'static' });
      },
      children: [
        { path: 'edit', needs: 'insuree.families.change', load: () => import('./FamilyPanel') },
        { path: 'add', needs: 'insuree.insurees.add', load: () => import('./NewMemberPanel') },
      ],
    },
  ],
  menu: [
    {
      key: 'insuree.insurees',
      label: 'insuree:menu.insurees',
      about: 'insuree:menu.insureesAbout',
      search: 'insuree:menu.find',
      group: 'insuree:menu.group',
      icon: IconUsersGroup,
      to: (ws) => paths.insurees(ws),
      order: 40,
      phone: true,
    },
    {
      key: 'insuree.families',
      label: 'insuree:menu.families',
      about: 'insuree:menu.familiesAbout',
      search: 'insuree:menu.findFamily',
      group: 'insuree:menu.group',
      icon: IconHome2,
      to: (ws) => paths.families(ws),
      order: 42,
      phone: true,
    },
  ],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
