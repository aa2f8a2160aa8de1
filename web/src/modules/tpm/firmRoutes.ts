import { redirect } from '@tanstack/react-router';
import { readList } from '../../kit/listState';
import type { ModuleRoute } from '../../kit/module';
import { sessionQuery } from '../../kit/session';
import { firmFieldsQuery, firmId, firmQuery, firmsQuery, ownFirmQuery } from './firmQueries';
import { firmsParams, firmsShape } from './firmsList';
import { paths } from './paths';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** The firms; whoever sees only their own is led to it. */
const firms: ModuleRoute = {
  path: 'firms',
  needs: 'tpm.firms',
  load: () => import('./FirmsPage'),
  loader: async ({ queryClient, params, search }) => {
    const { ws = '' } = params;
    const session = await queryClient.query({ ...sessionQuery(ws), staleTime: 'static' });
    if (session.menu.includes('tpm.firms.own')) {
      const own = await queryClient.query({ ...ownFirmQuery(ws), staleTime: 'static' });
      if (own !== undefined) throw redirect({ to: paths.firm(ws, own.id), replace: true });
    }
    queryClient.query(firmsQuery(ws, firmsParams(readList(search, firmsShape)))).catch(shownByThePage);
  },
  children: [{ path: 'new', needs: 'tpm.firms.add', load: () => import('./FirmAddDialog') }],
};

const firm: ModuleRoute = {
  path: 'firms/$firm',
  needs: 'tpm.firms',
  load: () => import('./FirmPage'),
  loader: async ({ queryClient, params }) => {
    await queryClient.query({ ...firmQuery(params.ws ?? '', firmId(params.firm ?? '')), staleTime: 'static' });
  },
  children: [
    { path: '/', load: () => import('./FirmOverviewTab') },
    { path: 'overview', load: () => import('./FirmOverviewTab') },
    {
      path: 'edit',
      load: () => import('./FirmEditTab'),
      // Known before the panel opens, so that its first field can take the focus.
      loader: ({ queryClient, params }) => queryClient.query({ ...firmFieldsQuery(params.ws ?? '', firmId(params.firm ?? '')), staleTime: 'static' }).catch(shownByThePage),
    },
    { path: 'people', load: () => import('./FirmPeopleTab'), children: [{ path: 'new', load: () => import('./FirmInviteDialog') }] },
    { path: 'visits', load: () => import('./FirmVisitsTab') },
    { path: 'documents', load: () => import('./FirmDocumentsTab') },
  ],
};

/** The screens of firms. */
export const firmRoutes: ModuleRoute[] = [firms, firm];
