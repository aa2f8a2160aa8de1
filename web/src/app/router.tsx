import type { QueryClient } from '@tanstack/react-query';
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { type ComponentType, createElement } from 'react';
import type { ModuleRoute, WebModule } from '../kit/module';
import { sessionQuery, useSession } from '../kit/session';
import { localPath } from './localPath';
import { NoAccess, NoWorkspace } from './refusals';
import { NotFoundPage } from './NotFoundPage';
import { PendingPage } from './PendingPage';
import { RouteError } from './RouteError';
import { nameChoices } from './useChoiceNames';

interface Context {
  queryClient: QueryClient;
}

/** A page whose code comes when it is needed. */
type Screen = ComponentType & { preload?: (() => Promise<void> | undefined) | undefined };

/** Builds the router from the modules' routes. Everything below `/:ws` is for people who are signed in. */
export function makeRouter(queryClient: QueryClient, modules: readonly WebModule[]) {
  const root = createRootRouteWithContext<Context>()({
    component: Outlet,
    errorComponent: RouteError,
    notFoundComponent: NotFoundPage,
  });

  // The frame of a workspace is no part of the first script: it comes while the server is asked who is there.
  const frame: Screen = lazyRouteComponent(() => import('./WorkspaceLayout'));
  if (window.location.pathname !== '/login') void frame.preload?.();

  const start = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: async ({ context }) => {
      const session = await context.queryClient.query({ ...sessionQuery(null), staleTime: 'static' });
      if (!session.user) throw redirect({ to: '/login' });
      const code = session.workspace?.code ?? session.workspaces[0]?.code;
      if (code === undefined) throw new NoWorkspace(session);
      throw redirect({ to: '/$ws', params: { ws: code }, replace: true });
    },
  });

  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/login',
    validateSearch: (raw: Record<string, unknown>): { next?: string } => {
      const next = localPath(raw.next);
      return next === undefined ? {} : { next };
    },
    beforeLoad: async ({ context, search }) => {
      const session = await context.queryClient.query({ ...sessionQuery(null), staleTime: 'static' });
      // Checked once more: what validateSearch leaves out the router puts back as it came.
      if (session.user) throw redirect({ href: localPath(search.next) ?? '/', replace: true });
    },
    component: lazyRouteComponent(() => import('./SignInPage')),
    // Whoever is about to sign in needs the frame next; nobody waits for it here.
    loader: () => {
      void frame.preload?.();
    },
  });

  const workspace = createRoute({
    getParentRoute: () => root,
    path: '/$ws',
    beforeLoad: async ({ context, params, location }) => {
      const session = await context.queryClient.query({ ...sessionQuery(params.ws), staleTime: 'static' });
      if (!session.user) throw redirect({ to: '/login', search: { next: location.href } });
      if (session.workspace?.code !== params.ws) throw new NoAccess(session, params.ws);
      nameChoices(modules, session.choice_names);
    },
    component: frame,
    notFoundComponent: NotFoundPage,
  });

  const homes: { needs: string; Page: Screen }[] = modules.flatMap(({ slots }) => (slots?.home === undefined ? [] : [{ needs: slots.home.needs, Page: lazyRouteComponent(slots.home.load) }]));
  const Plain: Screen = lazyRouteComponent(() => import('./HomePage'));
  const homeOf = (menu: readonly string[]): Screen => homes.find(({ needs }) => menu.includes(needs))?.Page ?? Plain;
  /** The work page of the first module that has one for the reader, else where they can go. */
  function Home() {
    return createElement(homeOf(useSession().menu));
  }
  const index = createRoute({
    getParentRoute: () => workspace,
    path: '/',
    component: Home,
    // The page stands at once: its code comes with the route, as that of every screen.
    loader: ({ params }) => homeOf(queryClient.getQueryData(sessionQuery(params.ws).queryKey)?.menu ?? []).preload?.(),
  });

  const screens = modules.flatMap((module) => module.routes.map((route) => screen(route, workspace)));
  return createRouter({
    routeTree: root.addChildren([start, signIn, workspace.addChildren([index, ...screens])]),
    context: { queryClient },
    defaultPreload: 'intent',
    // The query cache decides what is fresh; the router must not keep a second opinion.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: writeSearch,
  });
}

/** Plain `name=value`, so that addresses can be read and typed; commas stay commas. */
function writeSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') params.set(name, String(value));
  }
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

function screen(contribution: ModuleRoute, parent: AnyRoute): AnyRoute {
  const { loader, validateSearch, needs } = contribution;
  const route: AnyRoute = createRoute({
    getParentRoute: () => parent,
    path: contribution.path,
    component: lazyRouteComponent(contribution.load),
    ...(validateSearch && { validateSearch }),
    ...(loader && { loaderDeps: ({ search }: { search: Record<string, unknown> }) => ({ search }) }),
    beforeLoad: async ({ context, params }: { context: Context; params: Record<string, string> }) => {
      if (needs === undefined) return;
      const session = await context.queryClient.query({ ...sessionQuery(params.ws ?? null), staleTime: 'static' });
      if (!session.menu.includes(needs)) throw new NoAccess(session, params.ws ?? '', 'screen');
    },
    ...(loader && {
      loader: ({
        context,
        params,
        deps,
        abortController,
      }: {
        context: Context;
        params: Record<string, string>;
        deps: { search: Record<string, unknown> };
        abortController: AbortController;
      }) => loader({ queryClient: context.queryClient, params, search: deps.search, signal: abortController.signal }),
    }),
  });
  if (contribution.children) route.addChildren(contribution.children.map((child) => screen(child, route)));
  return route;
}
