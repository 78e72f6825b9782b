/**
 * `./start.sh` as a person uses it: stores and orders survive a stop, a second start says where the first one answers, a
 * kill leaves nothing that the next start does not clear away, and a stop leaves no process, mount, cgroup or namespace.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toClusterFolder } from '@urumi/scripts/launcher/cluster-home';
import { buildPlaces, projectFolder } from '@urumi/scripts/launcher/places';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request, toJson, type Answer } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { listOrders, placeOrder } from '../support/medusa-shop.ts';
import type { StoreView } from '../support/platform.ts';
import { NotYet, waitFor } from '../support/wait.ts';

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

let state: string;
let httpPort: number;
let ingressPort: number;
const runs: Run[] = [];
const figures: Record<string, number> = {};

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'urumi-start-'));
  [httpPort, ingressPort] = [await findFreePort(), await findFreePort()];
});
afterAll(async () => {
  for (const run of runs) run.child.kill('SIGTERM');
  await Promise.all(runs.map((run) => run.ended));
  await rm(state, { recursive: true, force: true });
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
});

const start = (...options: string[]): Run => launch('--port', String(httpPort), ...options);

function launch(...options: string[]): Run {
  const args = ['--shop-port', String(ingressPort), ...options];
  const child = spawn(join(projectFolder, 'start.sh'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, as a terminal would give it: Ctrl-C reaches all of it.
    detached: true,
    env: { ...process.env, URUMI_STATE: state },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const run: Run = { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) };
  runs.push(run);
  return run;
}

/** Ctrl-C in the terminal where it runs. */
function interrupt(run: Run): void {
  if (run.child.pid !== undefined) process.kill(-run.child.pid, 'SIGINT');
}

async function untilOutput(run: Run, text: string, timeoutMs: number): Promise<number> {
  const began = performance.now();
  await waitFor({ what: `"${text}" from start.sh`, timeoutMs, intervalMs: 50 }, async () => {
    if (run.output().includes(text)) return true;
    if (run.child.exitCode !== null) throw new Error(`start.sh ended with ${run.child.exitCode}:\n${run.output()}`);
    return new NotYet(run.output().slice(-600));
  });
  return Math.round((performance.now() - began) / 100) / 10;
}

async function api(method: string, path: string, body?: unknown): Promise<Answer> {
  const token = (await readFile(join(state, 'admin-token'), 'utf8')).trim();
  return request({ port: httpPort, path, method, body, headers: { authorization: `Bearer ${token}` } });
}

const untilReady = (id: string): Promise<StoreView> =>
  waitFor({ what: 'the store to be ready', timeoutMs: 240_000 }, async () => {
    const answer = await api('GET', `/api/stores/${id}`).catch((error: unknown) => String(error));
    if (typeof answer === 'string' || answer.status !== 200) return new NotYet(JSON.stringify(answer).slice(0, 300));
    const store = toJson<StoreView>(answer, 200);
    return store.status.value === 'ready' ? store : new NotYet(JSON.stringify(store.status));
  });

const kubectl = async (...args: string[]): Promise<string> => {
  const folder = toClusterFolder({ places: buildPlaces(state), storage: 'durable', ingressPort });
  const { stdout } = await promisify(execFile)(join(folder, 'bin', 'kubectl'), [
    '--kubeconfig',
    join(folder, 'kubeconfig'),
    ...args,
  ]);
  return stdout;
};

const readSecret = async (id: string, secret: string, key: string): Promise<string> =>
  Buffer.from(
    await kubectl('get', 'secret', secret, '-n', `store-${id}`, '-o', `jsonpath={.data.${key}}`),
    'base64',
  ).toString();

const owner = async (id: string) => ({
  email: await readSecret(id, 'store-admin', 'email'),
  password: await readSecret(id, 'store-admin', 'password'),
});

let store: StoreView;
let order: { id: string };

it('a store asked for while the cluster is still starting waits visibly, then becomes ready', async () => {
  const run = start();
  figures['dashboardSeconds'] = await untilOutput(run, 'Dashboard', 300_000);
  const answer = await api('POST', '/api/stores', { name: 'Early Bird', engine: 'medusa' });
  store = toJson<StoreView>(answer, 202);
  expect(store.status.value).toBe('queued');
  figures['clusterSeconds'] = await untilOutput(run, 'The cluster takes stores', 3_000_000);
  await untilReady(store.id);
  const key = await readSecret(store.id, 'store-app', 'publishableKey');
  order = await placeOrder({ port: ingressPort, host: store.host }, key, 'early@example.com');

  const second = start();
  expect(await second.ended).toBe(0);
  expect(second.output()).toContain(`running already at http://localhost:${httpPort}`);

  interrupt(run);
  expect(await run.ended).toBe(0);
  expect(await findLeftovers(state)).toEqual([]);
});

it('after stop and start the same store serves with the same order', async () => {
  const run = start();
  await untilOutput(run, 'Dashboard', 60_000);
  figures['warmClusterSeconds'] = await untilOutput(run, 'The cluster takes stores', 180_000);
  await untilReady(store.id);
  const orders = await waitFor({ what: 'the shop to answer', timeoutMs: 120_000 }, async () => {
    try {
      return await listOrders({ port: ingressPort, host: store.host }, await owner(store.id));
    } catch (error) {
      return new NotYet(String(error).slice(0, 300));
    }
  });
  expect(orders.map(({ id }) => id)).toContain(order.id);
  run.child.kill('SIGKILL');
  await run.ended;
});

it('after kill -9 the next start works and its stop leaves nothing', async () => {
  const run = start();
  await untilOutput(run, 'The cluster takes stores', 180_000);
  await untilReady(store.id);
  interrupt(run);
  expect(await run.ended).toBe(0);
  expect(await findLeftovers(state)).toEqual([]);
});

it('a fresh start forgets all stores, takes wishes at once, and can be stopped in the middle of starting', async () => {
  const run = start('--fresh');
  await untilOutput(run, 'Dashboard', 60_000);
  toJson(await api('POST', '/api/stores', { name: 'Early Bird', engine: 'medusa' }), 202);
  const { items } = toJson<{ items: StoreView[] }>(await api('GET', '/api/stores'), 200);
  expect(items.map(({ id }) => id)).not.toContain(store.id);
  expect(items).toHaveLength(1);
  interrupt(run);
  expect(await run.ended).toBe(0);
  expect(await findLeftovers(state)).toEqual([]);
});

it('in the cluster the same: records, token and stores survive a stop, and nothing is left running', async () => {
  const host = 'urumi.localhost';
  const ask = (token: string, method: string, path: string, body?: unknown): Promise<Answer> =>
    request({ port: ingressPort, host, path, method, body, headers: { authorization: `Bearer ${token}` } });
  const readToken = (run: Run): string => /Token\s+(\S+)/.exec(run.output())?.[1] ?? '';

  const first = launch('--in-cluster');
  figures['inClusterSeconds'] = await untilOutput(first, 'The cluster takes stores. For', 600_000);
  const token = readToken(first);
  const { id } = toJson<StoreView>(await ask(token, 'POST', '/api/stores', { name: 'Inside', engine: 'medusa' }), 202);
  interrupt(first);
  expect(await first.ended).toBe(0);
  expect(await findLeftovers(join(state, 'in-cluster'))).toEqual([]);

  const second = launch('--in-cluster');
  figures['inClusterWarmSeconds'] = await untilOutput(second, 'The cluster takes stores. For', 180_000);
  expect(readToken(second)).toBe(token);
  await waitFor({ what: 'the store to be ready', timeoutMs: 240_000 }, async () => {
    const answer = await ask(token, 'GET', `/api/stores/${id}`);
    if (answer.status !== 200) return new NotYet(answer.body);
    const { status } = toJson<StoreView>(answer, 200);
    return status.value === 'ready' ? true : new NotYet(JSON.stringify(status));
  });
  interrupt(second);
  expect(await second.ended).toBe(0);
  expect(await findLeftovers(join(state, 'in-cluster'))).toEqual([]);
});
