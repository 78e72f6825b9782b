/** A small api for tests: holds the facts, answers each route like the real one. Used by msw and by the fixture server alike. */
import type { ActivityEntryView, ChangeStoreBody, StoreView, TimelineEntryView } from '../api/generated/types.gen.ts';
import {
  activityList,
  buildMe,
  buildMetrics,
  buildStore,
  buildStatus,
  buildSteps,
  buildTimeline,
  engineList,
  fixtureNow,
  planList,
  secondsAgo,
} from './fixtures.ts';

export const fixtureToken = 'urumi-fixture-token';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `hold`: no answer comes; `cut`: the connection breaks. */
export type Silence = 'hold' | 'cut';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | null;
  readonly idempotencyKey: string | null;
  readonly ifNoneMatch: string | null;
  readonly body: unknown;
}

/** Facts of one test; change them while it runs. */
export interface World {
  stores: StoreView[];
  me: ReturnType<typeof buildMe>;
  metrics: ReturnType<typeof buildMetrics>;
  activity: readonly ActivityEntryView[];
  /** The timeline of every store; `null`: a plain one that fits its age. */
  timeline: readonly TimelineEntryView[] | null;
  lastPassAt: string;
  /** Answers in place of the usual one, by `METHOD /path`. */
  readonly overrides: Map<string, Answer | Silence>;
  readonly calls: Call[];
}

export function buildWorld(change: Partial<World> = {}): World {
  return {
    stores: [],
    me: buildMe(),
    metrics: buildMetrics(),
    activity: activityList,
    timeline: null,
    lastPassAt: secondsAgo(12),
    overrides: new Map(),
    calls: [],
    ...change,
  };
}

export function problem(
  status: number,
  code: string,
  params: Record<string, unknown> = {},
  extra: Record<string, unknown> = {},
): Answer {
  return {
    status,
    body: {
      type: `urn:urumi:problem:${code}`,
      title: code,
      status,
      code,
      detail: code,
      params,
      requestId: 'req-7f3a',
      ...extra,
    },
  };
}

export function answerCall(world: World, call: Call): Answer | Silence {
  world.calls.push(call);
  const override = world.overrides.get(`${call.method} ${call.path}`);
  if (override !== undefined) return override;
  if (call.token !== fixtureToken) return problem(401, 'auth.unknown-token');
  const store = world.stores.find(
    (item) => call.path === `/api/stores/${item.id}` || call.path.startsWith(`/api/stores/${item.id}/`),
  );
  switch (call.method) {
    case 'POST':
      if (call.path === '/api/stores') return create(world, call);
      if (store === undefined) return problem(404, 'store.not-found');
      return replace(world, call.path.endsWith('/cancel') ? stop(store) : wishAgain(store));
    case 'PATCH':
      return store === undefined ? problem(404, 'store.not-found') : replace(world, change(store, call));
    case 'DELETE':
      return store === undefined
        ? problem(404, 'store.not-found')
        : replace(world, { ...store, status: buildStatus('deleting', 'AwaitingWorker', 0) });
    default:
      return read(world, call, store);
  }
}

function read(world: World, call: Call, store: StoreView | undefined): Answer {
  switch (call.path) {
    case '/api/stores':
      return listStores(world, call);
    case '/api/me':
      return ok(world.me);
    case '/api/metrics':
      return ok(world.metrics);
    case '/api/engines':
      return ok({ items: engineList });
    case '/api/plans':
      return ok({ items: planList });
    case '/api/activity':
      return ok({ items: world.activity, nextCursor: null });
  }
  if (store === undefined)
    return problem(404, call.path.startsWith('/api/stores/') ? 'store.not-found' : 'request.route-unknown');
  const age = (fixtureNow - Date.parse(store.createdAt)) / 1_000;
  return call.path.endsWith('/timeline') ? ok({ entries: world.timeline ?? tellTimeline(store, age) }) : ok(store);
}

function listStores(world: World, call: Call): Answer {
  const q = call.query.get('q')?.toLowerCase();
  const status = call.query.get('status')?.split(',');
  const engine = call.query.get('engine');
  const items = world.stores.filter(
    (item) =>
      (q === undefined || item.name.toLowerCase().includes(q) || item.id.includes(q)) &&
      (status === undefined || status.includes(item.status.value)) &&
      (engine === null || item.engine === engine),
  );
  const etag = `"${JSON.stringify([items, call.query.toString()]).length}"`;
  const headers = { etag, 'urumi-last-pass': world.lastPassAt };
  return call.ifNoneMatch === etag
    ? { status: 304, body: null, headers }
    : { ...ok({ items, nextCursor: null }), headers };
}

function create(world: World, call: Call): Answer {
  const { name } = call.body as { name: string };
  const store = buildStore({
    id: 'n3w5t0re',
    name,
    createdAt: secondsAgo(0),
    status: buildStatus('queued', 'AwaitingWorker', 0),
    steps: buildSteps(0, 'waiting'),
    components: [],
    served: false,
    queuePosition: 1,
    attempt: { startsUsed: 0, startsMax: 5, nextTryAt: null, failure: null },
  });
  world.stores = [store, ...world.stores];
  return { status: 202, body: store };
}

function tellTimeline({ generation, status }: StoreView, age: number): TimelineEntryView[] {
  const made = buildTimeline(age);
  if (generation === 1) return made;
  const halted = status.reason === 'Halted';
  const type = halted ? 'CancelRequested' : 'ChangeRequested';
  const text = halted ? 'Stop requested' : 'Change requested: size M, address harbour-books.localhost';
  return [...made, { at: status.since, type, text, attempt: null, explanation: null }];
}

function wishAgain(store: StoreView): StoreView {
  return { ...store, generation: store.generation + 1, status: buildStatus('queued', 'AwaitingWorker', 0) };
}

function stop(store: StoreView): StoreView {
  const value = store.served ? 'ready' : 'failed';
  return { ...store, generation: store.generation + 1, status: buildStatus(value, 'Halted', 0, true) };
}

function change(store: StoreView, { body }: Call): StoreView {
  const { plan = store.plan, host = null } = body as ChangeStoreBody;
  return {
    ...store,
    plan,
    wishedHost: host,
    generation: store.generation + 1,
    status: buildStatus('ready', 'Changing', 0),
  };
}

function replace(world: World, next: StoreView): Answer {
  world.stores = world.stores.map((item) => (item.id === next.id ? next : item));
  return { status: 202, body: next };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
