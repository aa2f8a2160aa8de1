import { DirectionProvider, MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { WebModule } from '../kit/module';
import { schemeManager } from '../theme/appearance';
import { cssVariables, theme } from '../theme/theme';
import { Toasts } from '../ui/Toasts';
import { DirectionFollowsLanguage } from './DirectionFollowsLanguage';
import { ModulesContext } from './modulesContext';
import type { makeRouter } from './router';
import { SessionDialog } from './SessionDialog';

/** The whole app around a router: theme, direction, server data, toasts, and the dialog of an ended session. */
export function App({
  queryClient,
  router,
  modules,
}: {
  queryClient: QueryClient;
  router: ReturnType<typeof makeRouter>;
  modules: readonly WebModule[];
}) {
  return (
    <QueryClientProvider client={queryClient}>
      <DirectionProvider initialDirection={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'} detectDirection={false}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={schemeManager} defaultColorScheme="auto">
          <DirectionFollowsLanguage />
          <ModulesContext value={modules}>
            <RouterProvider router={router} />
          </ModulesContext>
          <SessionDialog />
          <Toasts />
        </MantineProvider>
      </DirectionProvider>
    </QueryClientProvider>
  );
}
