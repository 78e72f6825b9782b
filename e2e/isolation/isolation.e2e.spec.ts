/**
 * A shop in hostile hands: from its pods neither another shop nor the cluster nor a metadata service answers, only what
 * the shop needs. Every refusal is shown to be the policies' doing: without them the same connection succeeds.
 */
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { offerAddresses } from '@urumi/embedded/testing/offer-addresses';
import { projectFolder } from '@urumi/scripts/launcher/places';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../support/http.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { namespaceOf, toShop, untilUp } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { offerWordPress } from '../support/wordpress.ts';
import { anatomies, type Engine } from './anatomy.ts';
import { probe, type Outcome, type Target } from './prober.ts';

/** Engines to test, WooCommerce as plain WordPress; the first is also everybody's neighbour. */
const engines: readonly Engine[] = ['medusa', 'woocommerce'];

const metadata = { address: '169.254.169.254', port: 80 };
/** Ranges kept free for documentation stand for the internet: public, and nobody's. */
const internet = { address: '198.51.100.10', port: 443 };
const forbiddenInternet = { address: '203.0.113.10', port: 443 };
const [node, gateway] = ['10.99.0.2', '10.244.0.1'];

let t: TestPlatform;
let takeAway: (() => Promise<void>) | undefined;
let neighbour: StoreView;

beforeAll(async () => {
  t = await startTestPlatform();
  await offerWordPress(t);
  takeAway = await offerAddresses(t.cluster, [
    metadata,
    internet,
    { ...internet, port: 25 },
    forbiddenInternet,
    { address: '192.168.77.1', port: 443 },
  ]);
  neighbour = await makeStore('Neighbour', engines[0] ?? 'medusa');
});
afterAll(async () => {
  await takeAway?.();
  await t?.stop();
});

async function makeStore(name: string, engine: Engine): Promise<StoreView> {
  const store = await t.createStore(name, engine);
  await untilUp(t, store, engine);
  return store;
}

describe.each(engines)('a shop of %s', (engine) => {
  const anatomy = anatomies[engine];
  let namespace: string;
  let targets: readonly Target[];
  let store: StoreView;

  beforeAll(async () => {
    store = await makeStore(`Curious ${engine}`, engine);
    namespace = namespaceOf(store);
    targets = [...(await findNeighbour()), ...cluster, ...outside];
  });

  const fromEach = async (list: readonly Target[]): Promise<Record<string, Record<string, Outcome>>> => {
    const rows: Record<string, Record<string, Outcome>> = {};
    for (const { component, program } of anatomy.probers) {
      rows[component] = await probe(t, { namespace, component, program }, list);
    }
    return rows;
  };
  const allOf = (list: readonly Target[], outcome: Outcome) => {
    const row = Object.fromEntries(list.map(({ label }) => [label, outcome]));
    return Object.fromEntries(anatomy.probers.map(({ component }) => [component, row]));
  };

  it('reaches what it needs: its own parts, by name', async () => {
    for (const { component, program } of anatomy.probers) {
      const own = (anatomy.own[component] ?? []).map((part) => ({
        label: part,
        host: `store-${part}`,
        port: anatomy.ports[part] ?? 0,
      }));
      const outcomes = await probe(t, { namespace, component, program }, own);
      expect(outcomes, component).toEqual(Object.fromEntries(own.map(({ label }) => [label, 'open'])));
    }
  });

  it('reaches nothing else: no other shop, no part of the cluster, no metadata service, no internet', async () => {
    expect(await fromEach(targets)).toEqual(allOf(targets, 'silent'));
  });

  it('with internet allowed, its server reaches public addresses on the ports for payment and mail, nothing more', async () => {
    const policy = await renderInternetPolicy(namespace);
    await t.kubectl('apply', '-n', namespace, '-f', policy);
    const outgoing = anatomy.probers.filter(({ component }) => component === anatomy.outgoing);
    const lookOut = async () => {
      const [prober] = outgoing;
      if (prober === undefined) throw new Error(`nothing probes from ${anatomy.outgoing}`);
      return probe(t, { namespace, ...prober }, targets);
    };
    await waitFor({ what: 'the internet', timeoutMs: 20_000 }, async () => {
      const { [toLabel(internet)]: outcome } = await lookOut();
      return outcome === 'open' ? true : new NotYet(String(outcome));
    });
    const closed = Object.fromEntries(targets.map(({ label }) => [label, 'silent']));
    expect(await lookOut()).toEqual({ ...closed, [toLabel(internet)]: 'open' });
    await t.kubectl('delete', '-n', namespace, '-f', policy);
    await waitFor({ what: 'the internet to be closed', timeoutMs: 20_000 }, async () => {
      const { [toLabel(internet)]: outcome } = await lookOut();
      return outcome === 'silent' ? true : new NotYet(String(outcome));
    });
  });

  it('is held by its own policies, and the neighbour by its own: without them each of these connections succeeds', async () => {
    const [mine, theirs] = [namespace, namespaceOf(neighbour)];
    const kept = await Promise.all([savePolicies(mine), savePolicies(theirs)]);
    const neighbours = targets.filter(({ label }) => label.startsWith('neighbour'));
    const others = targets.filter((target) => !neighbours.includes(target));

    // The worker would put removed policies back within seconds.
    const goOn = holdWorker();
    try {
      await t.kubectl('delete', 'networkpolicy', '--all', '-n', mine);
      const opened = await untilOutcome(others, 'open');
      expect(opened).toEqual(allOf(others, 'open'));
      expect(await fromEach(neighbours)).toEqual(allOf(neighbours, 'silent'));

      await t.kubectl('delete', 'networkpolicy', '--all', '-n', theirs);
      expect(await untilOutcome(neighbours, 'open')).toEqual(allOf(neighbours, 'open'));

      for (const file of kept) await t.kubectl('apply', '-f', file);
    } finally {
      goOn();
    }
    expect(await untilOutcome(targets, 'silent')).toEqual(allOf(targets, 'silent'));
    expect((await request({ ...toShop(t, store), path: '/' })).status).toBe(200);
  });

  /** @returns lets it go on */
  function holdWorker(): () => void {
    const pid = t.platform.services.worker.pid();
    if (pid === null) throw new Error('the worker does not run');
    process.kill(pid, 'SIGSTOP');
    return () => void process.kill(pid, 'SIGCONT');
  }

  /** The enforcer follows in some tenths of a second. @returns what was seen last */
  async function untilOutcome(list: readonly Target[], outcome: Outcome) {
    const until = performance.now() + 20_000;
    for (;;) {
      const seen = await fromEach(list);
      const isThere = Object.values(seen).every((row) => Object.values(row).every((one) => one === outcome));
      if (isThere || performance.now() > until) return seen;
    }
  }
});

const toLabel = ({ address, port }: { address: string; port: number }) => `${address}:${port}`;
const toTarget = (offer: { address: string; port: number }): Target => ({
  label: toLabel(offer),
  host: offer.address,
  port: offer.port,
});

const cluster: readonly Target[] = [
  { label: 'the API by its Service', host: 'kubernetes.default.svc.cluster.local', port: 443 },
  { label: 'the API on the node', host: node, port: 6443 },
  { label: 'the kubelet', host: node, port: 10250 },
  { label: 'the kubelet by the bridge', host: gateway, port: 10250 },
  { label: 'the ingress', host: node, port: 80 },
];
const outside: readonly Target[] = [
  metadata,
  internet,
  { ...internet, port: 25 },
  forbiddenInternet,
  { address: '192.168.77.1', port: 443 },
].map(toTarget);

/** Each part of the neighbouring shop by its pod's address and by its Service. */
async function findNeighbour(): Promise<Target[]> {
  const namespace = namespaceOf(neighbour);
  const { items } = JSON.parse(await t.kubectl('get', 'pods', '-n', namespace, '-o', 'json')) as {
    items: { metadata: { labels: Record<string, string> }; status: { podIP?: string } }[];
  };
  const { ports } = anatomies[engines[0] ?? 'medusa'];
  return Object.entries(ports).flatMap(([component, port]) => {
    const pod = items.find(({ metadata: { labels } }) => labels['app.kubernetes.io/component'] === component);
    if (pod?.status.podIP === undefined) throw new Error(`the neighbour has no pod for ${component}`);
    return [
      { label: `neighbour's ${component}`, host: pod.status.podIP, port },
      {
        label: `neighbour's ${component} by its Service`,
        host: `store-${component}.${namespace}.svc.cluster.local`,
        port,
      },
    ];
  });
}

/** The chart's own policy, as a shop with internet would have it. */
async function renderInternetPolicy(namespace: string): Promise<string> {
  const helm = join(t.cluster.binDir, 'helm');
  const run = async (...args: string[]) =>
    (await promisify(execFile)(helm, ['--kubeconfig', t.cluster.kubeconfig, '-n', namespace, ...args])).stdout;
  const values = join(t.places.state, 'isolation-values.json');
  await writeFile(values, await run('get', 'values', 'store', '-o', 'json'));
  const file = join(t.places.state, 'internet-policy.yaml');
  const chart = join(projectFolder, 'charts', 'ecommerce-store');
  const internetOn = ['--set', 'network.internet.enabled=true', '--set', 'network.internet.deny={203.0.113.0/24}'];
  const only = ['--show-only', 'templates/guardrails/networkpolicy-internet.yaml'];
  await writeFile(file, await run('template', 'store', chart, '--values', values, ...internetOn, ...only));
  return file;
}

async function savePolicies(namespace: string): Promise<string> {
  const { items } = JSON.parse(await t.kubectl('get', 'networkpolicy', '-n', namespace, '-o', 'json')) as {
    items: { metadata: { name: string; namespace: string; labels: object; annotations: object } }[];
  };
  const list = items.map(({ metadata: { name, labels, annotations }, ...rest }) => ({
    ...rest,
    metadata: { name, namespace, labels, annotations },
  }));
  const file = join(t.places.state, `policies-${namespace}.json`);
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: list }));
  return file;
}
