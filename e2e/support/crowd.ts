/**
 * Wishes in crowds, asked as a patient caller asks: each with an idempotency key, again for as long as the way to the api
 * or the api itself is away for a moment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './http.ts';
import { toJson } from './http.ts';
import type { StoreCalls, StoreView } from './platform.ts';
import { NotYet, waitFor } from './wait.ts';

const patienceMs = 60_000;
const pageLimit = 100;
/** Enough to keep every worker busy; more would take the processors from what is measured. */
const lanes = 8;
/** Of an ingress without a pod behind it, and of an api that says it cannot now. */
const passing = new Set([502, 503, 504]);

type Api = Pick<StoreCalls, 'api'>;

/** @returns the first answer that is final. @throws Error where there is none within a minute */
async function askPatiently(
  t: Api,
  ask: { readonly method: string; readonly path: string; readonly body?: unknown; readonly key?: string },
): Promise<Answer> {
  const headers: Record<string, string> = ask.key === undefined ? {} : { 'idempotency-key': ask.key };
  return waitFor({ what: `a final answer to ${ask.method} ${ask.path}`, timeoutMs: patienceMs }, async () => {
    const answer = await t.api(ask.method, ask.path, ask.body, headers).catch((error: unknown) => String(error));
    if (typeof answer === 'string') return new NotYet(answer);
    return passing.has(answer.status) ? new NotYet(`${answer.status} ${answer.body}`) : answer;
  });
}

export async function wish(t: Api, name: string): Promise<StoreView> {
  const body = { name, engine: 'medusa' };
  return toJson(await askPatiently(t, { method: 'POST', path: '/api/stores', body, key: name }), 202);
}

/** @returns the stores, named `<prefix> 1` and so on */
export function wishMany(t: Api, prefix: string, count: number): Promise<StoreView[]> {
  return inLanes(
    Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`),
    (name) => wish(t, name),
  );
}

/** A wish and a pause, until `disturbance` is over and `least` wishes were made, but no more than `most`. */
export async function wishDuring(
  t: Api,
  crowd: { readonly prefix: string; readonly least: number; readonly most: number; readonly pauseMs: number },
  disturb: () => Promise<unknown>,
): Promise<StoreView[]> {
  const stores: StoreView[] = [];
  const going = { isOver: false };
  const stream = async (): Promise<void> => {
    while (stores.length < crowd.most && (stores.length < crowd.least || !going.isOver)) {
      stores.push(await wish(t, `${crowd.prefix} ${stores.length + 1}`));
      await sleep(crowd.pauseMs);
    }
  };
  const disturbance = disturb().finally(() => (going.isOver = true));
  await Promise.all([disturbance, stream()]);
  return stores;
}

/** Every store of the owner, whatever its state, page by page. */
export async function listStores(t: Api): Promise<StoreView[]> {
  const found: StoreView[] = [];
  for (let cursor: string | null | undefined = ''; typeof cursor === 'string';) {
    const path = `/api/stores?limit=${pageLimit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { items: StoreView[]; nextCursor?: string | null } = toJson(
      await askPatiently(t, { method: 'GET', path }),
      200,
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

/** One question for all: a question for each would take the processors from what is measured. */
export async function untilReady(t: Api, stores: readonly StoreView[], timeoutMs: number): Promise<void> {
  const own = new Set(stores.map(({ id }) => id));
  await waitFor({ what: 'every store to be ready', timeoutMs, intervalMs: 500 }, async () => {
    const seen = (await listStores(t)).filter(({ id }) => own.has(id));
    const left = seen.filter(({ status }) => status.value !== 'ready');
    if (seen.length === own.size && left.length === 0) return true;
    return new NotYet(`${seen.length} stores; ${JSON.stringify(left.map(({ id, status }) => [id, status]))}`);
  });
}

/** Wishes the end of every store and waits until the api shows none and the cluster has no namespace of one. */
export async function deleteEverything(
  t: Api & { kubectl(...args: string[]): Promise<string> },
  timeoutMs: number,
): Promise<void> {
  await inLanes(await listStores(t), async ({ id }) =>
    toJson(await askPatiently(t, { method: 'DELETE', path: `/api/stores/${id}` }), 202),
  );
  await waitFor({ what: 'every namespace of a store to be gone', timeoutMs, intervalMs: 1_000 }, async () => {
    const left = await t.kubectl('get', 'namespaces', '--selector', 'urumi.dev/store-id', '--output', 'name');
    const names = left.split('\n').filter(Boolean);
    return names.length === 0 || new NotYet(`${names.length} namespaces, as ${names[0] ?? ''}`);
  });
}

/** Work on all, a few at once, results in the order of the items. */
async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
