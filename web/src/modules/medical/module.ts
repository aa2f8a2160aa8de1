import { IconPill, IconReceipt2 } from '@tabler/icons-react';
import { fieldsQuery } from '../../kit/form';
import { readList } from '../../kit/listState';
import type { ModuleRoute, WebModule } from '../../kit/module';
import { diagnosesParams, diagnosesShape, entriesParams, entriesShape, linesParams, linesShape, pricelistsParams, pricelistsShape } from './lists';
import { paths } from './paths';
import { diagnosesQuery, entries, entriesQuery, entryQuery, linesQuery, pricelistQuery, pricelists, pricelistsQuery } from './queries';
import type { Kind } from './wire';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

function catalogue(kind: Kind, load: ModuleRoute['load']): ModuleRoute {
  return {
    path: `catalogue/${kind}`,
    needs: 'medical.catalogue',
    load,
    loader: ({ queryClient, params, search }) => {
      queryClient.query(entriesQuery(params.ws ?? '', kind, entriesParams(readList(search, entriesShape[kind])))).catch(shownByThePage);
      return Promise.resolve();
    },
    children: [
      {
        path: 'new',
        needs: `medical.${kind}.add`,
        load: () => import('./NewEntryPanel'),
        // Known before the panel opens, so that its first field can take the focus.
        loader: ({ queryClient, params }) => queryClient.query({ ...fieldsQuery(params.ws ?? '', entries(kind)), staleTime: 'static' }).catch(shownByThePage),
      },
      {
        path: '$entry',
        needs: `medical.${kind}.change`,
        load: () => import('./EditEntryPanel'),
        // Fields and record are known before the panel opens, so that it does not jump.
        loader: async ({ queryClient, params: { ws = '', entry = '' } }) => {
          await Promise.all([
            queryClient.query({ ...entryQuery(ws, kind, entry), staleTime: 'static' }),
            queryClient.query({ ...fieldsQuery(ws, entries(kind), Number(entry)), staleTime: 'static' }).catch(shownByThePage),
          ]);
        },
      },
    ],
  };
}

function priceLists(kind: Kind, load: ModuleRoute['load']): ModuleRoute[] {
  const needs = `medical.${kind}_pricelists`;
  return [
    {
      path: `price-lists/${kind}`,
      needs,
      load,
      loader: ({ queryClient, params, search }) => {
        queryClient.query(pricelistsQuery(params.ws ?? '', kind, pricelistsParams(readList(search, pricelistsShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        {
          path: 'new',
          needs: `${needs}.add`,
          load: () => import('./NewPricelistPanel'),
          loader: ({ queryClient, params }) => queryClient.query({ ...fieldsQuery(params.ws ?? '', pricelists(kind)), staleTime: 'static' }).catch(shownByThePage),
        },
      ],
    },
    {
      path: `price-lists/${kind}/$list`,
      needs,
      load: () => import('./PricelistPage'),
      loader: async ({ queryClient, params, search }) => {
        const list = await queryClient.query({ ...pricelistQuery(params.ws ?? '', kind, params.list ?? ''), staleTime: 'static' });
        queryClient.query(linesQuery(params.ws ?? '', kind, list.id, linesParams(readList(search, linesShape)))).catch(shownByThePage);
      },
      children: [
        { path: 'edit', needs: `${needs}.change`, load: () => import('./EditPricelistPanel') },
        { path: 'add', needs: `${needs}.change`, load: () => import('./AddLinesPanel') },
      ],
    },
  ];
}

/** What can be claimed, and what it costs where. */
export const medical: WebModule = {
  name: 'medical',
  choices: { 'medical.item.type': 'items.type.', 'medical.service.type': 'services.type.', 'medical.service.category': 'category.', 'medical.service.level': 'level.' },
  routes: [
    catalogue('services', () => import('./ServicesPage')),
    catalogue('items', () => import('./ItemsPage')),
    {
      path: 'catalogue/diagnoses',
      needs: 'medical.catalogue',
      load: () => import('./DiagnosesPage'),
      loader: ({ queryClient, params, search }) => {
        queryClient.query(diagnosesQuery(params.ws ?? '', diagnosesParams(readList(search, diagnosesShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
    },
    ...priceLists('services', () => import('./ServicePricelistsPage')),
    ...priceLists('items', () => import('./ItemPricelistsPage')),
  ],
  menu: [
    { key: 'medical.catalogue', label: 'medical:catalogue', about: 'medical:catalogueAbout', group: 'insuree:menu.group', icon: IconPill, to: (ws, allowed) => paths.catalogue(ws, allowed.includes('medical.services') ? 'services' : 'items'), under: paths.wholeCatalogue, order: 46 },
    { key: 'medical.pricelists', label: 'medical:lists.title', about: 'medical:lists.about', group: 'insuree:menu.group', icon: IconReceipt2, to: (ws, allowed) => paths.pricelists(ws, allowed.includes('medical.services_pricelists') ? 'services' : 'items'), under: paths.allPricelists, order: 48 },
  ],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
