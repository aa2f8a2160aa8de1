import { IconBuildingHospital } from '@tabler/icons-react';
import { fieldsQuery } from '../../kit/form';
import { readList } from '../../kit/listState';
import type { WebModule } from '../../kit/module';
import { facilitiesParams, facilitiesShape } from './facilitiesList';
import { paths } from './paths';
import { facilities, facilitiesQuery, facilityQuery } from './queries';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** Where insured people are cared for. */
export const facility: WebModule = {
  name: 'facility',
  choices: { 'facility.health_facility.level': 'level.', 'facility.health_facility.care_type': 'care.' },
  routes: [
    {
      path: 'facilities',
      needs: 'facility.facilities',
      load: () => import('./FacilitiesPage'),
      loader: ({ queryClient, params, search }) => {
        queryClient.query(facilitiesQuery(params.ws ?? '', facilitiesParams(readList(search, facilitiesShape)))).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        {
          path: 'new',
          needs: 'facility.facilities.add',
          load: () => import('./NewFacilityPanel'),
          // Known before the panel opens, so that its first field can take the focus.
          loader: ({ queryClient, params }) => queryClient.query({ ...fieldsQuery(params.ws ?? '', facilities), staleTime: 'static' }).catch(shownByThePage),
        },
      ],
    },
    {
      path: 'facilities/$facility',
      needs: 'facility.facilities',
      load: () => import('./FacilityPage'),
      loader: async ({ queryClient, params }) => {
        await queryClient.query({ ...facilityQuery(params.ws ?? '', params.facility ?? ''), staleTime: 'static' });
      },
      children: [{ path: 'edit', needs: 'facility.facilities.change', load: () => import('./EditFacilityPanel') }],
    },
  ],
  menu: [{ key: 'facility.facilities', label: 'facility:menu', about: 'facility:menuAbout', group: 'insuree:menu.group', icon: IconBuildingHospital, to: (ws) => paths.facilities(ws), order: 44 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
