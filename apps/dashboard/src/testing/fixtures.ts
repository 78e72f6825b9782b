/** Stores and answers for tests, a builder per kind: a row changes only what it is about. Times count from {@link fixtureNow}. */
import { adviseOnCode, adviseOnReason } from '@urumi/shared/domain/advice';
import type { Reason } from '@urumi/shared/domain/verdict';
import type { StatusValue } from '@urumi/shared/domain/store';
import type {
  ActivityEntryView,
  EngineView,
  MeView,
  MetricsView,
  PlanView,
  StepView,
  StoreView,
  TimelineEntryView,
} from '../api/generated/types.gen.ts';

/** Monday 23 November 2026, 14:02:41 UTC: the moment in which all fixtures live. */
export const fixtureNow = Date.UTC(2026, 10, 23, 14, 2, 41);

/** A time so many seconds before {@link fixtureNow}. */
export function secondsAgo(seconds: number): string {
  return new Date(fixtureNow - seconds * 1_000).toISOString();
}

const stepNames = ['namespace', 'release', 'database', 'storefront', 'setup', 'page'] as const;
const usualMs = { namespace: 2_000, release: 6_000, database: 8_000, storefront: 12_000, setup: 45_000, page: 2_000 };
const slowMs = { namespace: 3_000, release: 9_000, database: 12_000, storefront: 20_000, setup: 70_000, page: 4_000 };

/**
 * Steps that begin 2, 8, 14, … s after the wish and take 6 s each.
 * @param done how many are done; the next one runs, or is in `last` where given
 */
export function buildSteps(done: number, last: StepView['state'] = 'running', startedAgo = 60): StepView[] {
  return stepNames.map((name, index) => {
    const state = index < done ? 'done' : index === done ? last : 'waiting';
    const began = startedAgo - 2 - index * 6;
    return {
      name,
      state,
      startedAt: state === 'waiting' ? null : secondsAgo(began),
      endedAt: state === 'done' || state === 'failed' ? secondsAgo(began - 6) : null,
      durationMs: state === 'done' ? 6_000 : null,
      expectedMs: usualMs[name],
      slowMs: slowMs[name],
      attempt: state !== 'waiting' && index < 2 ? 1 : null,
    };
  });
}

const granted = { allowed: true, reason: null };
/** Of a store that nothing is under way for; a row says what a retry can do. */
const settledPermissions = {
  delete: granted,
  change: granted,
  cancel: { allowed: false, reason: 'Nothing is under way to be stopped.' },
};

export function buildStore(change: Partial<StoreView> = {}): StoreView {
  const id = change.id ?? 'k7m2qpl4';
  const createdAt = change.createdAt ?? secondsAgo(4 * 3600);
  return {
    id,
    name: 'Harbour Coffee',
    engine: 'medusa',
    plan: 'S',
    generation: 1,
    createdAt,
    host: `${id}.localhost`,
    wishedHost: null,
    url: `http://${id}.localhost:8080`,
    adminUrl: `http://${id}.localhost:8080/app`,
    status: buildStatus('ready', 'Healthy', 4 * 3600 - 41, true),
    steps: buildSteps(6, 'done', (fixtureNow - Date.parse(createdAt)) / 1_000),
    attempt: { startsUsed: 1, startsMax: 5, nextTryAt: null, failure: null },
    components: [
      { name: 'database', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'server', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'storefront', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'setup', state: 'ready', detail: 'Settings and 8 products applied' },
      { name: 'page', state: 'ready', detail: '200, 8 products, 84 ms' },
    ],
    notes: [],
    explanation: null,
    observedAt: secondsAgo(4 * 3600 - 41),
    provedAt: null,
    queuePosition: null,
    allowed: {
      ...settledPermissions,
      retry: { allowed: false, reason: 'The shop serves; there is nothing to retry.' },
    },
    retryHelps: false,
    served: true,
    deletedAt: null,
    ...change,
  };
}

export function buildStatus(
  value: StatusValue,
  reason: Reason,
  secondsSince = 60,
  settled = false,
): StoreView['status'] {
  return { value, reason, since: secondsAgo(secondsSince), settled };
}

/** Of a store that something is under way for. */
const movingPermissions = {
  ...settledPermissions,
  cancel: granted,
  retry: { allowed: false, reason: 'Urumi is still working on this store.' },
};

const idle = { observedAt: null, served: false, components: [] } as const;
const waitingParts: StoreView['components'] = [
  { name: 'database', state: 'ready', detail: '1 of 1 pods up' },
  { name: 'server', state: 'waiting', detail: 'Container starting' },
  { name: 'storefront', state: 'waiting', detail: 'Container starting' },
  { name: 'setup', state: 'missing', detail: '' },
  { name: 'page', state: 'missing', detail: '' },
];

/** One store per kind of row that people meet, newest first. */
export const sampleStores = {
  queued: buildStore({
    ...idle,
    allowed: movingPermissions,
    components: [],
    id: 'q4n8w2xz',
    name: 'Tea & Biscuits',
    createdAt: secondsAgo(8),
    status: buildStatus('queued', 'AwaitingWorker', 8),
    steps: buildSteps(0, 'waiting'),
    queuePosition: 4,
    attempt: { startsUsed: 0, startsMax: 5, nextTryAt: null, failure: null },
  }),
  provisioning: buildStore({
    ...idle,
    allowed: movingPermissions,
    id: 'p3v9r5tk',
    name: 'مكتبة الميناء',
    createdAt: secondsAgo(24),
    status: buildStatus('provisioning', 'AwaitingWorkloads', 12),
    steps: buildSteps(3, 'running', 24),
    components: waitingParts,
    observedAt: secondsAgo(4),
  }),
  retrying: buildStore({
    ...idle,
    allowed: movingPermissions,
    components: [],
    id: 'r6y2h8bd',
    name: 'Board Games by the Lake',
    createdAt: secondsAgo(400),
    status: buildStatus('provisioning', 'Retrying', 20),
    steps: buildSteps(1, 'running', 400),
    attempt: {
      startsUsed: 2,
      startsMax: 5,
      nextTryAt: secondsAgo(-74),
      failure: {
        code: 'helm.timed-out',
        message: 'helm upgrade did not end within 300 s',
        advice: adviseOnCode('helm.timed-out').advice,
        at: secondsAgo(20),
      },
    },
  }),
  hindered: buildStore({
    ...idle,
    id: 'h5d7m3qa',
    name: 'Lantern Records',
    createdAt: secondsAgo(190),
    status: buildStatus('provisioning', 'ImagePullFailing', 150),
    steps: buildSteps(3, 'running', 190),
    components: waitingParts.map((part) =>
      part.name === 'server' ? { ...part, state: 'failing', detail: 'Image not found' } : part,
    ),
    observedAt: secondsAgo(40),
    explanation: {
      object: 'Pod store-server-6f7c9d5b8-xk2pz',
      message: 'Image localhost/urumi/medusa-server:9.9.9 was not found.',
      logLines: [],
      events: [
        '14:00:12 Failed to pull image "localhost/urumi/medusa-server:9.9.9": not found',
        '14:01:40 Back-off pulling image',
      ],
      ...adviseOnReason('ImagePullFailing'),
      command: null,
      at: secondsAgo(40),
    },
    allowed: movingPermissions,
  }),
  ready: buildStore(),
  changeFailed: buildStore({
    id: 'c9f4j6ws',
    name: 'Wool and Needle',
    createdAt: secondsAgo(3 * 86_400),
    status: buildStatus('ready', 'ChangeFailed', 900, true),
    attempt: {
      startsUsed: 5,
      startsMax: 5,
      nextTryAt: null,
      failure: {
        code: 'helm.object-rejected',
        message: 'StatefulSet store-database: field is immutable',
        advice: adviseOnCode('helm.object-rejected').advice,
        at: secondsAgo(900),
      },
    },
    allowed: { ...settledPermissions, retry: granted },
    retryHelps: true,
  }),
  degraded: buildStore({
    id: 'd2k8p4nv',
    name: 'Northern Light Bicycles and Repairs, Workshop and Showroom at H',
    createdAt: secondsAgo(12 * 86_400),
    status: buildStatus('degraded', 'PageFailing', 700, true),
    steps: [...buildSteps(6, 'done', 12 * 86_400).slice(0, 5), ...buildSteps(5, 'failed', 12 * 86_400).slice(5)],
    components: [
      { name: 'database', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'server', state: 'failing', detail: 'Stopped 4 times in 11 min' },
      { name: 'storefront', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'setup', state: 'ready', detail: 'Settings and 8 products applied' },
      { name: 'page', state: 'failing', detail: '502 from the storefront' },
    ],
    notes: [
      'not reachable from outside: no DNS entry leads to d2k8p4nv.localhost',
      'NetworkPolicy store-database was changed; it is put right',
    ],
    observedAt: secondsAgo(700),
    explanation: {
      object: 'Pod store-server-5d4f7c6b9-m8wqj',
      message: 'The shop server stops right after its start.',
      logLines: ['info:    Connecting to database', 'error:   out of memory', 'Killed'],
      events: ['13:51:02 Container server was ended: OOMKilled'],
      ...adviseOnReason('PageFailing'),
      command: null,
      at: secondsAgo(40),
    },
    allowed: { ...settledPermissions, retry: granted },
    retryHelps: true,
  }),
  failed: buildStore({
    ...idle,
    id: 'f8x3b7ce',
    name: 'Café Olé',
    createdAt: secondsAgo(2 * 3600),
    status: buildStatus('failed', 'SetupFailed', 6_600, true),
    steps: buildSteps(4, 'failed', 7_200),
    components: [
      { name: 'database', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'server', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'storefront', state: 'ready', detail: '1 of 1 pods up' },
      { name: 'setup', state: 'failing', detail: 'Ended with code 1' },
      { name: 'page', state: 'missing', detail: '' },
    ],
    observedAt: secondsAgo(6_600),
    explanation: {
      object: 'Job store-setup-1-4be1c9a2',
      message: 'Product list, line 14: no price.',
      logLines: ['setup: region Europe is there', 'setup: product list, line 14: no price', 'setup: ended with code 1'],
      events: [],
      ...adviseOnReason('SetupFailed'),
      command: null,
      at: secondsAgo(40),
    },
    allowed: { ...settledPermissions, retry: granted },
    retryHelps: true,
  }),
  lost: buildStore({
    id: 'l5t9g2yr',
    name: 'Second Hand Synths',
    createdAt: secondsAgo(5 * 86_400),
    status: buildStatus('failed', 'NamespaceLost', 3_000, true),
    steps: buildSteps(0, 'failed', 5 * 86_400),
    components: [],
    allowed: { ...settledPermissions, retry: granted },
  }),
  deleting: buildStore({
    id: 'e4w6s8uh',
    name: 'Old Demo',
    createdAt: secondsAgo(6 * 86_400),
    status: buildStatus('deleting', 'TearingDown', 5),
    allowed: {
      delete: { allowed: false, reason: 'It is being deleted already.' },
      retry: { allowed: false, reason: 'It is being deleted.' },
      cancel: { allowed: false, reason: 'A deletion cannot be stopped.' },
      change: { allowed: false, reason: 'It is being deleted.' },
    },
  }),
  stuck: buildStore({
    id: 'g7a5z3mj',
    name: 'Stuck Demo',
    createdAt: secondsAgo(9 * 86_400),
    status: buildStatus('deleting', 'NamespaceStuckTerminating', 4_000),
    explanation: {
      object: 'persistentvolumeclaims/store-database-data',
      message:
        'held by finalizer example.com/backup. Urumi removes none. Once its owner is known to be gone, an administrator can remove it',
      logLines: [],
      events: [],
      ...adviseOnReason('NamespaceStuckTerminating'),
      command: 'scripts/cleanup.sh g7a5z3mj',
      at: secondsAgo(40),
    },
    allowed: {
      delete: { allowed: false, reason: 'It is being deleted already.' },
      retry: { allowed: false, reason: 'It is being deleted.' },
      cancel: { allowed: false, reason: 'A deletion cannot be stopped.' },
      change: { allowed: false, reason: 'It is being deleted.' },
    },
  }),
  deleted: buildStore({
    id: 'b2u7v9kq',
    name: 'Gone Goods',
    createdAt: secondsAgo(30 * 86_400),
    status: buildStatus('deleted', 'Gone', 20 * 86_400, true),
    steps: [],
    components: [],
    deletedAt: secondsAgo(20 * 86_400),
    allowed: {
      delete: { allowed: false, reason: 'It is deleted.' },
      retry: { allowed: false, reason: 'It is deleted.' },
      cancel: { allowed: false, reason: 'It is deleted.' },
      change: { allowed: false, reason: 'It is deleted.' },
    },
  }),
  slow: buildStore({
    ...idle,
    id: 's2t6u8vx',
    name: 'Paper Lanterns',
    allowed: movingPermissions,
    createdAt: secondsAgo(130),
    status: buildStatus('provisioning', 'AwaitingSetup', 80),
    steps: buildSteps(4, 'running', 130),
    components: waitingParts.map((part) =>
      part.name === 'setup' ? { ...part, state: 'waiting' } : { ...part, state: 'ready' },
    ),
    observedAt: secondsAgo(4),
  }),
  changing: buildStore({
    id: 'h7n9p3rt',
    name: 'Harbour Books',
    plan: 'M',
    generation: 2,
    createdAt: secondsAgo(4 * 86_400),
    wishedHost: 'harbour-books.localhost',
    status: buildStatus('ready', 'Changing', 9),
    steps: [...buildSteps(6, 'done', 4 * 86_400).slice(0, 1), ...buildSteps(1, 'running', 9).slice(1)],
    allowed: movingPermissions,
  }),
  unproven: buildStore({
    id: 'u4w6y8za',
    name: 'Fern and Moss',
    generation: 2,
    createdAt: secondsAgo(4 * 86_400),
    status: buildStatus('ready', 'Changing', 300),
    provedAt: secondsAgo(320),
    allowed: movingPermissions,
  }),
  refused: buildStore({
    ...idle,
    components: [],
    id: 'v5x7z2bc',
    name: 'Olive Press',
    createdAt: secondsAgo(900),
    status: buildStatus('failed', 'GaveUp', 840, true),
    steps: buildSteps(1, 'failed', 900),
    attempt: {
      startsUsed: 1,
      startsMax: 5,
      nextTryAt: null,
      failure: {
        code: 'helm.object-rejected',
        message:
          'admission webhook "policy.example.com" denied the request: Deployment store-server has no owner label',
        advice: adviseOnCode('helm.object-rejected').advice,
        at: secondsAgo(840),
      },
    },
    allowed: { ...settledPermissions, retry: granted },
  }),
  cancelled: buildStore({
    ...idle,
    components: [],
    id: 'w6y8a4cd',
    name: 'Quiet Corner',
    generation: 2,
    createdAt: secondsAgo(300),
    status: buildStatus('failed', 'Halted', 270, true),
    steps: buildSteps(2, 'failed', 300),
    attempt: { startsUsed: 0, startsMax: 5, nextTryAt: null, failure: null },
    allowed: { ...settledPermissions, retry: granted },
    retryHelps: true,
  }),
  remembered: buildStore({
    id: 'x7z9b5de',
    name: 'Remembered Goods',
    createdAt: secondsAgo(3 * 86_400),
    status: buildStatus('deleted', 'Gone', 86_400, true),
    steps: [],
    components: [],
    served: false,
    deletedAt: secondsAgo(86_400),
    explanation: {
      object: 'Pod store-web-7c5d8f9b4-q2w8e',
      message: 'The container was ended: it used more memory than it may have.',
      logLines: ['PHP Fatal error: Allowed memory size exhausted'],
      events: ['09:12:04 Container web was ended: OOMKilled'],
      ...adviseOnReason('OutOfMemory'),
      command: null,
      at: null,
    },
    allowed: {
      delete: { allowed: false, reason: 'It is deleted.' },
      retry: { allowed: false, reason: 'It is deleted.' },
      cancel: { allowed: false, reason: 'It is deleted.' },
      change: { allowed: false, reason: 'It is deleted.' },
    },
  }),
} as const satisfies Record<string, StoreView>;

export function buildMe(change: Partial<MeView> = {}): MeView {
  return {
    name: 'admin',
    owner: 'main',
    role: 'admin',
    quota: { stores: 9, storesMax: 50 },
    cluster: { ready: true, step: 'ready', label: 'Ready', percent: 100, secondsLeft: 0 },
    baseDomain: 'localhost',
    ...change,
  };
}

export const startingCluster: MeView['cluster'] = {
  ready: false,
  step: 'build-kubernetes',
  label: 'Building Kubernetes from source',
  percent: 42,
  secondsLeft: 760,
};

export function buildMetrics(change: Partial<MetricsView> = {}): MetricsView {
  return {
    stores: { queued: 1, provisioning: 3, ready: 2, degraded: 1, failed: 2, deleting: 2 },
    queue: { waiting: 2, active: 1, delayed: 0, failed: 0 },
    lastPassAt: secondsAgo(12),
    routeAtFaultSince: null,
    protection: { admissionPolicies: 'enforced', networkPolicies: 'enforced' },
    medianReadyMs: 41_000,
    slowReadyMs: 75_000,
    ...change,
  };
}

export const engineList: readonly EngineView[] = [
  {
    id: 'woocommerce',
    title: 'WooCommerce',
    description: 'WordPress with the most used shop plugin. Good for content and many extensions.',
    version: null,
    available: false,
    unavailableReason:
      'The archive of the WooCommerce plugin was not given. Name it in /var/lib/installations/first/urumi/state/woocommerce.json: {"plugin": "<path or URL>"}. No restart is needed.',
  },
  {
    id: 'medusa',
    title: 'Medusa',
    description: 'Modern commerce server with a fast storefront. Good for custom shops.',
    version: '2.21.2',
    available: true,
    unavailableReason: null,
  },
];

export const planList: readonly PlanView[] = [
  {
    id: 'S',
    title: 'Small',
    summary: 'For trying things out and small catalogues',
    footprint: { medusa: { memoryMiB: 640, storageGiB: 4 }, woocommerce: { memoryMiB: 416, storageGiB: 4 } },
  },
  {
    id: 'M',
    title: 'Medium',
    summary: 'For a shop with steady visitors',
    footprint: { medusa: { memoryMiB: 960, storageGiB: 15 }, woocommerce: { memoryMiB: 896, storageGiB: 15 } },
  },
  {
    id: 'L',
    title: 'Large',
    summary: 'For busy shops and large catalogues',
    footprint: { medusa: { memoryMiB: 1888, storageGiB: 60 }, woocommerce: { memoryMiB: 2048, storageGiB: 60 } },
  },
];

const plain = { attempt: null, explanation: null } as const;

export function buildTimeline(createdAgo: number): TimelineEntryView[] {
  return [
    { at: secondsAgo(createdAgo), type: 'StoreRequested', text: 'Requested: Medusa, size S', ...plain },
    { at: secondsAgo(createdAgo - 1), type: 'AttemptStarted', text: 'Try 1 of 5 began', ...plain },
    { at: secondsAgo(createdAgo - 3), type: 'NamespaceEnsured', text: 'Space reserved', ...plain },
    { at: secondsAgo(createdAgo - 6), type: 'ReleaseApplied', text: 'Installed', ...plain },
  ];
}

/** A store that failed twice: the entries about it carry what was seen. */
export function buildTroubledTimeline(createdAgo: number): TimelineEntryView[] {
  return [
    ...buildTimeline(createdAgo),
    {
      at: secondsAgo(createdAgo - 200),
      type: 'AttemptFailed',
      text: 'Try failed: helm upgrade did not end within 300 s',
      attempt: 1,
      explanation: {
        object: 'Try for wish 1',
        message: 'helm upgrade did not end within 300 s',
        logLines: [],
        events: [],
        ...adviseOnCode('helm.timed-out'),
        command: null,
        at: secondsAgo(createdAgo - 200),
      },
    },
    { at: secondsAgo(createdAgo - 230), type: 'AttemptStarted', text: 'Try 2 began', attempt: 2, explanation: null },
    {
      at: secondsAgo(createdAgo - 500),
      type: 'HealthObserved',
      text: 'Adding products and settings failed',
      attempt: null,
      explanation: {
        object: 'Job store-setup-1-4be1c9a2',
        message: 'Product list, line 14: no price.',
        logLines: ['setup: product list, line 14: no price', 'setup: ended with code 1'],
        events: ['Job has reached the specified backoff limit'],
        ...adviseOnReason('SetupFailed'),
        command: null,
        at: secondsAgo(createdAgo - 500),
      },
    },
  ];
}

export const activityList: readonly ActivityEntryView[] = [
  {
    id: '9',
    at: secondsAgo(8),
    actor: 'admin',
    storeId: 'q4n8w2xz',
    storeName: 'Tea & Biscuits',
    type: 'StoreRequested',
    text: 'Asked for a Medusa store, size S',
  },
  {
    id: '8',
    at: secondsAgo(24),
    actor: 'admin',
    storeId: 'p3v9r5tk',
    storeName: 'مكتبة الميناء',
    type: 'StoreRequested',
    text: 'Asked for a Medusa store, size S',
  },
  {
    id: '7',
    at: secondsAgo(700),
    actor: 'reconciler',
    storeId: 'd2k8p4nv',
    storeName: 'Northern Light Bicycles and Repairs, Workshop and Showroom at H',
    type: 'HealthObserved',
    text: 'Degraded: the shop page does not answer as it should',
  },
  {
    id: '6',
    at: secondsAgo(4 * 3600 - 41),
    actor: 'reconciler',
    storeId: 'k7m2qpl4',
    storeName: 'Harbour Coffee',
    type: 'HealthObserved',
    text: 'Ready: shop page shows products',
  },
  {
    id: '5',
    at: secondsAgo(4 * 3600),
    actor: 'admin',
    storeId: 'k7m2qpl4',
    storeName: 'Harbour Coffee',
    type: 'StoreRequested',
    text: 'Asked for a Medusa store, size S',
  },
  {
    id: '4',
    at: secondsAgo(30 * 3600),
    actor: 'worker',
    storeId: 'c9f4j6ws',
    storeName: 'Wool and Needle',
    type: 'GaveUp',
    text: 'Gave up after 5 tries: the cluster refused an object of the chart',
  },
  {
    id: '3',
    at: secondsAgo(5 * 86_400),
    actor: 'admin',
    storeId: 'l5t9g2yr',
    storeName: 'Second Hand Synths',
    type: 'StoreRequested',
    text: 'Asked for a Medusa store, size S',
  },
];
