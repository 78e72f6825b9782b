/** The addresses of the dashboard. Filters are typed search parameters; whatever does not fit them is dropped. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { session } from '../api/session.ts';
import { LoginPage } from '../features/login/login-page.tsx';
import { parseStoreSearch } from '../features/stores/store-search.ts';
import { StoresPage } from '../features/stores/stores-page.tsx';
import { CrashPage, NotFoundPage } from './odd-pages.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: CrashPage });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  // A key that is left out would let the raw one through.
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({
    next: typeof search['next'] === 'string' && isOwnPath(search['next']) ? search['next'] : undefined,
  }),
  component: LoginPage,
});

/** Everything behind the token. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => {
    if (session.read().token !== null) return;
    throw redirect({ to: '/login', search: location.pathname === '/' ? {} : { next: location.href } });
  },
  component: Shell,
});

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/stores', replace: true });
  },
});

const storesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stores',
  validateSearch: parseStoreSearch,
  component: StoresPage,
});

const createStoreRoute = createRoute({
  getParentRoute: () => storesRoute,
  path: '/new',
  component: lazyRouteComponent(() => import('../features/create/create-dialog.tsx'), 'CreateDialog'),
});

const storeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/stores/$storeId',
  component: lazyRouteComponent(() => import('../features/store/store-page.tsx'), 'StorePage'),
});

const activityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/activity',
  component: lazyRouteComponent(() => import('../features/activity/activity-page.tsx'), 'ActivityPage'),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  shellRoute.addChildren([homeRoute, storesRoute.addChildren([createStoreRoute]), storeRoute, activityRoute]),
]);

/** @param history tests bring their own */
export function buildRouter(history?: RouterHistory) {
  return createRouter({ routeTree, history, defaultPreload: 'intent', scrollRestoration: true, defaultPendingMs: 200 });
}

export type AppRouter = ReturnType<typeof buildRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
  interface HistoryState {
    /** True after an own action that leads here: the heading takes the focus. */
    focusHeading?: boolean;
  }
}

/** Only a path of this site: a link from elsewhere must not choose where a sign-in leads. */
function isOwnPath(path: string): boolean {
  return path.startsWith('/') && !path.startsWith('//') && !path.startsWith('/\\');
}
