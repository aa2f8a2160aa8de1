import { IconBuildingCommunity, IconClipboardList } from '@tabler/icons-react';
import { readList } from '../../kit/listState';
import type { ModuleRoute, WebModule } from '../../kit/module';
import { firmRoutes } from './firmRoutes';
import { paths } from './paths';
import { checkReference, historyQuery, visitId, visitQuery, visitsQuery } from './queries';
import { stateOf } from './status';
import { useDeskMenu } from './useDeskMenu';
import { visitsParams, visitsShape } from './visitsList';
import type { Status } from './wire';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

const visits: ModuleRoute = {
  path: 'visits',
  needs: 'tpm.visits',
  load: () => import('./VisitsPage'),
  // Started, not awaited: the page shows rows that stand in for the list, and keeps the old ones while filters change.
  loader: ({ queryClient, params, search }) => {
    queryClient.query(visitsQuery(params.ws ?? '', visitsParams(readList(search, visitsShape)))).catch(shownByThePage);
    return Promise.resolve();
  },
  children: [{ path: 'new', needs: 'tpm.visits.new', load: () => import('./NewVisitDialog') }],
};

const visit: ModuleRoute = {
  path: 'visits/$ref',
  needs: 'tpm.visits',
  load: () => import('./VisitPage'),
  loader: async ({ queryClient, params }) => {
    const { ws = '', ref = '' } = params;
    const id = visitId(ref);
    queryClient.query({ ...historyQuery(ws, id), staleTime: 'static' }).catch(shownByThePage);
    checkReference(await queryClient.query({ ...visitQuery(ws, id), staleTime: 'static' }), ref);
  },
  children: [
    { path: '/', load: () => import('./OverviewTab') },
    { path: 'overview', load: () => import('./OverviewTab') },
    { path: 'edit', load: () => import('./EditVisitTab') },
    {
      path: 'tasks',
      load: () => import('./TasksTab'),
      children: [
        { path: 'new', load: () => import('./NewTaskPanel') },
        { path: '$task', load: () => import('./TaskPanel') },
      ],
    },
    { path: 'report', load: () => import('./ReportTab') },
    { path: 'documents', load: () => import('./DocumentsTab') },
    { path: 'activity', load: () => import('./ActivityTab') },
  ],
};

/** Third-party monitoring: visits of firms to what partners do. */
export const tpm: WebModule = {
  name: 'tpm',
  choices: { 'tpm.visit.status': (value) => `status.${stateOf(value as Status)}` }, // a value of another program has no text
  routes: [visits, visit, ...firmRoutes],
  menu: [
    {
      key: 'tpm.visits',
      label: 'tpm:menu.visits',
      icon: IconClipboardList,
      to: (ws) => paths.visits(ws),
      order: 10,
      phone: true,
      useChildren: useDeskMenu,
    },
    // One of the two: all firms for the agency, the own one for its people.
    { key: 'tpm.firms.all', label: 'tpm:menu.firms', icon: IconBuildingCommunity, to: (ws) => paths.firms(ws), order: 20 },
    { key: 'tpm.firms.own', label: 'tpm:menu.ownFirm', icon: IconBuildingCommunity, to: (ws) => paths.firms(ws), order: 20 },
  ],
  slots: { home: { needs: 'tpm.visits', load: () => import('./HomePage') } },
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
