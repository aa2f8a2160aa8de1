import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import i18next, { type ResourceLanguage } from 'i18next';
import type { ReactNode } from 'react';
import { initReactI18next } from 'react-i18next';
import { makeQueryClient } from '../app/queryClient';
import app from '../app/texts/en.json';
import { cssVariables, theme } from '../theme/theme';
import ui from '../ui/texts/en.json';

// Whatever modules there are: a new one is not named here.
const ofModules = Object.fromEntries(
  Object.entries(import.meta.glob<ResourceLanguage>('../modules/*/texts/en.json', { eager: true, import: 'default' })).map(([path, texts]) => [path.split('/')[2] ?? '', texts]),
);

/** Starts English texts for tests; safe to call again. */
export async function startEnglish(): Promise<void> {
  document.documentElement.lang = 'en';
  await i18next.use(initReactI18next).init({
    lng: 'en',
    resources: { en: { app, ui, ...ofModules } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

/**
 * Shows a part as the app would: theme, English, a router whose every address shows it, and a query cache. `path` names
 * the parameters of deeper addresses, such as `/$ws/visits/$ref`; `client` brings a cache with something in it.
 */
export async function show(part: ReactNode, address = '/KEN', { path = '/$ws/$', client = makeQueryClient() }: { path?: string; client?: QueryClient } = {}) {
  await startEnglish();
  const root = createRootRoute();
  const any = createRoute({ getParentRoute: () => root, path: '/$ws', component: () => part });
  const deeper = createRoute({ getParentRoute: () => root, path, component: () => part });
  const router = createRouter({ routeTree: root.addChildren([any, deeper]), history: createMemoryHistory({ initialEntries: [address] }) });
  await router.load();
  const view = render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>,
  );
  return { ...view, router };
}
