import { IconMapPins } from '@tabler/icons-react';
import { fieldsQuery } from '../../kit/form';
import type { WebModule } from '../../kit/module';
import { paths } from './paths';
import { levelsQuery, placeQuery, places, withinQuery } from './queries';
import { withinIn } from './within';

function shownByThePage() {
  // The page asks for the same, and says what is wrong with it.
}

/** The places of a workspace and the levels of their tree. */
export const location: WebModule = {
  name: 'location',
  routes: [
    {
      path: 'places',
      needs: 'location.places',
      load: () => import('./PlacesPage'),
      loader: ({ queryClient, params }) => {
        queryClient.query(withinQuery(params.ws ?? '', null)).catch(shownByThePage);
        return Promise.resolve();
      },
      children: [
        {
          path: 'new',
          needs: 'location.places.add',
          load: () => import('./NewPlacePanel'),
          // Known before the panel opens, so that its first field can take the focus.
          loader: async ({ queryClient, params, search }) => {
            const ws = params.ws ?? '';
            const within = withinIn(search);
            await Promise.all([
              queryClient.query({ ...fieldsQuery(ws, places), staleTime: 'static' }).catch(shownByThePage),
              queryClient.query({ ...levelsQuery(ws), staleTime: 'static' }).catch(shownByThePage),
              within === undefined ? undefined : queryClient.query({ ...placeQuery(ws, within), staleTime: 'static' }),
            ]);
          },
        },
        {
          path: '$place',
          needs: 'location.places.change',
          load: () => import('./EditPlacePanel'),
          loader: async ({ queryClient, params }) => {
            await queryClient.query({ ...placeQuery(params.ws ?? '', params.place ?? ''), staleTime: 'static' });
          },
        },
      ],
    },
  ],
  menu: [{ key: 'location.places', label: 'location:title', about: 'location:menuAbout', group: 'insuree:menu.group', icon: IconMapPins, to: (ws) => paths.places(ws), order: 50 }],
  texts: {
    en: () => import('./texts/en.json'),
    fr: () => import('./texts/fr.json'),
    es: () => import('./texts/es.json'),
    ar: () => import('./texts/ar.json'),
  },
};
