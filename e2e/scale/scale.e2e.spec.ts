/**
 * Workers share what is to be done, however many there are: Urumi as its chart installs it, on the real node of a mixed
 * cluster, and its shops on simulated nodes, where they cost the machine nothing. Workers are scaled by `kubectl scale`,
 * one attempt at once each. A shop is ready by the shopper's route, which a server of this test plays. Throughput is
 * printed beside how busy the machine was; it is not judged here, for a full machine makes more workers no faster.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_ADDRESS, NODE_NAME } from '@urumi/embedded/cluster/addresses';
import { SIMULATED_LABEL } from '@urumi/embedded/simulated/nodes';
import { openWayOut } from '@urumi/embedded/testing/way-out';
import { startInCluster, type InCluster } from '@urumi/scripts/launcher/in-cluster';
import { buildPlaces } from '@urumi/scripts/launcher/places';
import { release } from '@urumi/scripts/launcher/platform-chart';
import { buildStoreValues } from '@urumi/scripts/launcher/store-values';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { buildStoreCalls, type StoreCalls, type StoreView } from '../support/platform.ts';
import { startShopperRoute, type ShopperRoute } from '../support/shopper-route.ts';
import { namespaceOf } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const storesPerRound = 24;
const roundTimeoutMs = 240_000;
/** Of the node's address, where the reconciler finds the shopper's route. */
const routePort = 8088;
const { namespace } = release;

interface Round {
  readonly workers: number;
  readonly seconds: number;
  readonly storesPerSecond: number;
  /** Stores that each worker worked on. */
  readonly shares: readonly number[];
  /** Of all processors of the machine, whoever used them, 0 to 1. */
  readonly busy: number;
}

let state: string;
let urumi: InCluster;
let route: ShopperRoute;
let closeWay: (() => Promise<void>) | undefined;
let t: StoreCalls;
const rounds: Round[] = [];
const made: StoreView[] = [];

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'urumi-scale-'));
  const ingressPort = await findFreePort();
  const { key, value } = SIMULATED_LABEL;
  const scheduling = {
    nodeSelector: { [key]: value },
    tolerations: [{ key, operator: 'Exists', effect: 'NoSchedule' }],
  };
  urumi = await startInCluster({
    places: buildPlaces(state),
    storage: 'memory',
    nodes: 'mixed',
    ingressPort,
    shopImages: [],
    fresh: false,
    values: {
      probe: { address: `${NODE_ADDRESS}:${routePort}` },
      api: { storesPerOwner: 500 },
      worker: { concurrency: 1, concurrencyInAll: 64, concurrencyPerOwner: 64 },
      stores: { ...(await buildStoreValues(ingressPort, [])), scheduling },
    },
    signal: new AbortController().signal,
    say: (line) => process.stdout.write(`  ${line}\n`),
  });
  route = await startShopperRoute(urumi.cluster.kubeconfig);
  closeWay = await openWayOut(urumi.cluster, { port: routePort, target: route.port });
  t = buildStoreCalls({ httpPort: ingressPort, host: release.host, token: urumi.token });
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(rounds)}\n`);
  await closeWay?.();
  await route?.close();
  await urumi?.stop();
  await rm(state, { recursive: true, force: true });
  expect(await findLeftovers(state)).toEqual([]);
});

const kubectl = async (...args: string[]): Promise<string> => (await urumi.cluster.kubectl(args)).stdout;

async function scaleWorkers(count: number): Promise<void> {
  await kubectl('scale', 'deployment/urumi-worker', '--namespace', namespace, `--replicas=${count}`);
  await kubectl('rollout', 'status', 'deployment/urumi-worker', '--namespace', namespace, '--timeout=25s');
}

async function makeStores(workers: number): Promise<Round> {
  const [began, before] = [performance.now(), readProcessorMs()];
  const names = Array.from({ length: storesPerRound }, (_, index) => `Shop ${workers} ${index + 1}`);
  const stores = await Promise.all(names.map((name) => t.createStore(name)));
  made.push(...stores);
  const own = new Set(stores.map(({ id }) => id));
  // One question for all: two dozen of them would take the processors from what is measured.
  await waitFor({ what: 'every store to be ready', timeoutMs: roundTimeoutMs, intervalMs: 500 }, async () => {
    const { items } = toJson<{ items: StoreView[] }>(await t.api('GET', '/api/stores?limit=100'), 200);
    const left = items.filter(({ id, status }) => own.has(id) && status.value !== 'ready');
    return left.length === 0 || new NotYet(JSON.stringify(left.map(({ id, status }) => [id, status])));
  });
  const [seconds, after] = [(performance.now() - began) / 1000, readProcessorMs()];
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    workers,
    shares: await readShares(own),
    seconds: round(seconds),
    storesPerSecond: round(storesPerRound / seconds),
    busy: round(1 - (after.idle - before.idle) / (after.all - before.all)),
  };
}

/** By what the workers that are there say in their logs. */
async function readShares(ids: ReadonlySet<string>): Promise<number[]> {
  const selector = 'app.kubernetes.io/component=worker';
  const names = await kubectl('get', 'pods', '--namespace', namespace, '--selector', selector, '--output', 'name');
  return Promise.all(
    names
      .trim()
      .split('\n')
      .map(async (pod) => {
        const log = await kubectl('logs', pod, '--namespace', namespace);
        return [...ids].filter((id) => log.includes(id)).length;
      }),
  );
}

/** Since the start of the machine, over all processors. */
function readProcessorMs(): { all: number; idle: number } {
  const times = cpus().map((one) => one.times);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return { all: sum(times.flatMap((one) => Object.values(one))), idle: sum(times.map((one) => one.idle)) };
}

interface Pod {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly nodeName: string };
}

async function nodesOfPods(isWanted: (namespace: string) => boolean): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'pods', '--all-namespaces', '--output', 'json')) as {
    items: Pod[];
  };
  return items.filter(({ metadata }) => isWanted(metadata.namespace)).map(({ spec }) => spec.nodeName);
}

describe('workers on a mixed cluster', () => {
  it.each([1, 2])(
    'make every store ready: %i',
    async (workers) => {
      await scaleWorkers(workers);
      const round = await makeStores(workers);
      rounds.push(round);
      expect(round.shares.filter((share) => share >= storesPerRound / 4)).toHaveLength(workers);
    },
    roundTimeoutMs + 60_000,
  );

  it('run on the real node, and every pod of a shop on a simulated one', async () => {
    expect(new Set(await nodesOfPods((one) => one === namespace))).toEqual(new Set([NODE_NAME]));
    const ofShops = new Set(made.map(namespaceOf));
    const nodes = await nodesOfPods((one) => ofShops.has(one));
    expect(nodes.length).toBeGreaterThanOrEqual(made.length * 2);
    expect(nodes.filter((node) => !node.startsWith('simulated-'))).toEqual([]);
  });

  it('lose nothing: each store has one release, deployed and none pending, and all its steps done', async () => {
    const columns = 'custom-columns=NAMESPACE:.metadata.namespace,STATUS:.metadata.labels.status';
    const text = await kubectl(
      'get',
      'secrets',
      '--all-namespaces',
      '--selector',
      'owner=helm,name!=urumi,status!=superseded',
      '--no-headers',
      '--output',
      columns,
    );
    const releases = text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).join(' '));
    expect(releases.sort()).toEqual(made.map((store) => `${namespaceOf(store)} deployed`).sort());
    for (const { id } of made) {
      const { steps } = await t.readStore(id);
      expect(steps.every(({ state }) => state === 'done')).toBe(true);
    }
  });
});
