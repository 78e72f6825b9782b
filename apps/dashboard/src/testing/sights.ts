/** Every page in every state that people can meet: what the world looks like, where to go, what must be readable there. */
import type { Page } from 'playwright-core';
import {
  buildMe,
  buildMetrics,
  buildStore,
  buildSteps,
  buildStatus,
  buildTroubledTimeline,
  sampleStores,
  secondsAgo,
  startingCluster,
} from './fixtures.ts';
import { buildWorld, problem, type World } from './world.ts';

export interface Sight {
  readonly name: string;
  readonly path: string;
  readonly world: () => World;
  /** Text that shows that the state is reached. */
  readonly shows: string;
  readonly prepare?: (page: Page, world: World) => Promise<void>;
  readonly signedIn?: boolean;
}

const many = Object.values(sampleStores).filter((store) => store.status.value !== 'deleted');
const full = () => buildWorld({ stores: many });
const empty = () =>
  buildWorld({
    activity: [],
    me: buildMe({ quota: { stores: 0, storesMax: 50 } }),
    metrics: buildMetrics({
      stores: { queued: 0, provisioning: 0, ready: 0, degraded: 0, failed: 0, deleting: 0 },
      queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
      medianReadyMs: null,
      slowReadyMs: null,
    }),
  });

function overriding(base: World, overrides: Record<string, ReturnType<typeof problem> | 'hold'>): World {
  for (const [route, answer] of Object.entries(overrides)) base.overrides.set(route, answer);
  return base;
}

/** As when a person comes back to the tab: everything on screen is asked for at once. */
async function lookAgain(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
}

const listSights: readonly Sight[] = [
  { name: 'stores', path: '/stores', world: full, shows: 'Harbour Coffee' },
  { name: 'stores-empty', path: '/stores', world: empty, shows: 'Create your first store' },
  { name: 'stores-filtered-empty', path: '/stores?q=cofee&status=failed', world: full, shows: 'No store matches' },
  { name: 'stores-attention', path: '/stores?status=degraded,failed', world: full, shows: 'Second Hand Synths' },
  {
    name: 'stores-loading',
    path: '/stores',
    world: () => overriding(full(), { 'GET /api/stores': 'hold' }),
    shows: 'Loading stores',
  },
  {
    name: 'stores-failed',
    path: '/stores',
    world: () => overriding(full(), { 'GET /api/stores': problem(500, 'invariant.broken') }),
    shows: 'Your stores could not be loaded',
  },
  {
    name: 'stores-stale',
    path: '/stores',
    world: () => ({ ...full(), lastPassAt: secondsAgo(700), metrics: buildMetrics({ lastPassAt: secondsAgo(700) }) }),
    shows: 'Not checked since 13:51',
  },
  {
    name: 'stores-route-at-fault',
    path: '/stores',
    world: () => ({ ...full(), metrics: buildMetrics({ routeAtFaultSince: secondsAgo(95) }) }),
    shows: 'Shops cannot be checked from here since',
  },
  {
    name: 'stores-unprotected',
    path: '/stores',
    world: () => ({
      ...full(),
      metrics: buildMetrics({ protection: { admissionPolicies: 'enforced', networkPolicies: 'missing' } }),
    }),
    shows: 'The cluster does not enforce network policies',
  },
  {
    name: 'stores-offline',
    path: '/stores',
    world: full,
    shows: 'Urumi cannot read its records since',
    prepare: async (page, world) => {
      await page.getByText('Harbour Coffee').waitFor();
      for (const route of ['/api/stores', '/api/me', '/api/metrics'])
        world.overrides.set(`GET ${route}`, problem(503, 'redis.unavailable'));
      await lookAgain(page);
      await page.getByText('Urumi cannot read its records since').waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'stores-signed-out',
    path: '/stores',
    world: full,
    shows: 'You are signed out',
    prepare: async (page, world) => {
      await page.getByText('Harbour Coffee').waitFor();
      for (const route of ['/api/stores', '/api/me', '/api/metrics'])
        world.overrides.set(`GET ${route}`, problem(401, 'auth.unknown-token'));
      await lookAgain(page);
      await page.getByText('You are signed out').waitFor({ timeout: 30_000 });
    },
  },
  {
    name: 'stores-forbidden',
    path: '/stores',
    world: () => overriding(full(), { 'GET /api/stores': problem(403, 'auth.not-allowed') }),
    shows: 'Your token does not allow this',
  },
  {
    name: 'stores-starting',
    path: '/stores',
    world: () => ({ ...full(), stores: [sampleStores.queued], me: buildMe({ cluster: startingCluster }) }),
    shows: 'Building Kubernetes from source',
  },
  {
    name: 'stores-starting-empty',
    path: '/stores',
    world: () => ({ ...empty(), me: buildMe({ cluster: startingCluster }) }),
    shows: 'Building Kubernetes from source',
  },
  {
    name: 'stores-menu',
    path: '/stores',
    world: full,
    shows: 'Copy address',
    prepare: (page) => page.getByRole('button', { name: 'Actions for Harbour Coffee' }).click(),
  },
  {
    name: 'stores-delete',
    path: '/stores',
    world: full,
    shows: 'This shop has served',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Actions for Harbour Coffee' }).click();
      await page.getByRole('menuitem', { name: 'Delete store' }).click();
    },
  },
  {
    name: 'own-menu',
    path: '/stores',
    world: full,
    shows: 'Queue board',
    prepare: (page) => page.getByRole('button', { name: 'Your menu' }).click(),
  },
  {
    name: 'keyboard-help',
    path: '/stores',
    world: full,
    shows: 'Single letters act outside fields',
    prepare: async (page) => {
      await page.getByText('Harbour Coffee').waitFor();
      await page.keyboard.press('?');
    },
  },
];

async function fillName(page: Page, name: string): Promise<void> {
  await page.getByText('9 of 50').waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
}

async function fillAdvanced(page: Page): Promise<void> {
  await fillName(page, 'Corner Books');
  await page.getByRole('button', { name: 'Advanced' }).click();
  await page.getByLabel('Address', { exact: true }).fill('corner');
}

async function pressCreate(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create store', exact: true }).last().click();
}

const createSights: readonly Sight[] = [
  { name: 'create', path: '/stores/new', world: full, shows: '9 of 50 stores used' },
  {
    name: 'create-faults',
    path: '/stores/new',
    world: () => ({ ...full(), me: buildMe({ quota: { stores: 50, storesMax: 50 } }) }),
    shows: 'This one has 64',
    prepare: async (page) => {
      await page.getByText('Medusa', { exact: true }).last().waitFor();
      await page.getByLabel('Name', { exact: true }).fill('x'.repeat(64));
    },
  },
  {
    name: 'create-taken',
    path: '/stores/new',
    world: () =>
      overriding(full(), {
        'POST /api/stores': problem(409, 'store.name-taken', { storeId: 'k7m2qpl4', name: 'Harbour Coffee' }),
      }),
    shows: 'You already have',
    prepare: async (page) => {
      await fillName(page, 'Harbour Coffee');
      await pressCreate(page);
    },
  },
  {
    name: 'create-advanced',
    path: '/stores/new',
    world: full,
    shows: 'Address: corner.localhost',
    prepare: fillAdvanced,
  },
  {
    name: 'create-host-taken',
    path: '/stores/new',
    world: () => overriding(full(), { 'POST /api/stores': problem(409, 'store.host-taken') }),
    shows: 'This address belongs to another store',
    prepare: async (page) => {
      await fillAdvanced(page);
      await pressCreate(page);
    },
  },
  {
    name: 'create-unavailable',
    path: '/stores/new',
    world: () =>
      overriding(full(), {
        'POST /api/stores': { ...problem(503, 'redis.unavailable'), headers: { 'retry-after': '60' } },
      }),
    shows: 'Urumi cannot record requests now',
    prepare: async (page) => {
      await fillName(page, 'Corner Books');
      await pressCreate(page);
    },
  },
  {
    name: 'create-starting',
    path: '/stores/new',
    world: () => ({ ...empty(), me: buildMe({ cluster: startingCluster, quota: { stores: 0, storesMax: 50 } }) }),
    shows: 'Your store waits, then starts by itself',
  },
];

const storeSights: readonly Sight[] = Object.entries(sampleStores).map(([name, store]) => ({
  name: `store-${name}`,
  path: `/stores/${store.id}`,
  world: () => buildWorld({ stores: [store] }),
  shows: 'Facts',
}));

const otherSights: readonly Sight[] = [
  {
    name: 'store-just-made',
    path: '/stores/j4s6t8md',
    world: () =>
      buildWorld({
        stores: [
          buildStore({
            id: 'j4s6t8md',
            name: 'Just Made',
            createdAt: secondsAgo(60),
            status: buildStatus('ready', 'Healthy', 19, true),
            steps: buildSteps(6, 'done', 60),
          }),
        ],
      }),
    shows: 'Made in',
    prepare: (page) => page.getByRole('button', { name: 'Show steps' }).click(),
  },
  {
    name: 'store-history-open',
    path: `/stores/${sampleStores.failed.id}`,
    world: () => buildWorld({ stores: [sampleStores.failed], timeline: buildTroubledTimeline(7_200) }),
    shows: 'backoff limit',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Hide details' }).click();
      await page.getByRole('button', { name: 'Show evidence' }).first().click();
      await page.getByRole('button', { name: 'Show evidence' }).first().click();
    },
  },
  {
    name: 'store-why-retrying',
    path: `/stores/${sampleStores.retrying.id}`,
    world: () => buildWorld({ stores: [sampleStores.retrying], timeline: buildTroubledTimeline(400) }),
    shows: 'helm.timed-out',
    prepare: (page) => page.getByRole('button', { name: 'Show why' }).click(),
  },
  {
    name: 'store-unchecked',
    path: `/stores/${sampleStores.ready.id}`,
    world: () => ({
      ...buildWorld({ stores: [sampleStores.ready], metrics: buildMetrics({ lastPassAt: secondsAgo(700) }) }),
      lastPassAt: secondsAgo(700),
    }),
    shows: 'Was ready at 13:51',
  },
  {
    name: 'store-change',
    path: `/stores/${sampleStores.ready.id}`,
    world: () => buildWorld({ stores: [sampleStores.ready] }),
    shows: 'The shop answers at',
    prepare: (page) => page.getByRole('button', { name: 'Change store' }).click(),
  },
  {
    name: 'store-change-fault',
    path: `/stores/${sampleStores.ready.id}`,
    world: () =>
      overriding(buildWorld({ stores: [sampleStores.ready] }), {
        'PATCH /api/stores/k7m2qpl4': problem(503, 'redis.unavailable'),
      }),
    shows: 'kept for the platform',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Change store' }).click();
      await page.getByRole('radio', { name: /^Medium/ }).check({ force: true });
      await page.getByRole('button', { name: 'Change store' }).last().click();
      await page.getByText('Urumi cannot record requests now').waitFor();
      await page.getByLabel('Address', { exact: true }).fill('admin');
    },
  },
  {
    name: 'store-change-confirm',
    path: `/stores/${sampleStores.ready.id}`,
    world: () => buildWorld({ stores: [sampleStores.ready] }),
    shows: 'then stops working',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Change store' }).click();
      await page.getByLabel('Address', { exact: true }).fill('harbour-coffee');
      await page.getByRole('button', { name: 'Change store' }).last().click();
    },
  },
  { name: 'store-unknown', path: '/stores/zzzzzzzz', world: full, shows: 'No store has this id' },
  { name: 'activity', path: '/activity', world: full, shows: 'Yesterday' },
  { name: 'activity-empty', path: '/activity', world: empty, shows: 'Nothing has happened yet' },
  {
    name: 'activity-failed',
    path: '/activity',
    world: () => overriding(full(), { 'GET /api/activity': problem(500, 'invariant.broken') }),
    shows: 'The activity could not be loaded',
  },
  { name: 'login', path: '/login', world: full, shows: 'Sign in', signedIn: false },
  {
    name: 'login-refused',
    path: '/login',
    world: full,
    shows: 'This token is not known here',
    signedIn: false,
    prepare: async (page) => {
      await page.getByLabel('Token', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  },
  { name: 'not-found', path: '/nowhere/at/all', world: full, shows: 'No page has this address' },
];

export const sights: readonly Sight[] = [...listSights, ...createSights, ...storeSights, ...otherSights];
