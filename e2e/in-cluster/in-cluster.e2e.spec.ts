/**
 * Urumi as its chart installs it, on the real node: pods with their own accounts, an ACL user each in a Redis of the chart,
 * policies of network and admission in force. A shop is made, sells, and goes; workers are scaled; an upgrade changes no secret.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCommand } from '@urumi/embedded/base/run-command';
import { startInCluster, type InCluster } from '@urumi/scripts/launcher/in-cluster';
import { buildPlaces, projectFolder } from '@urumi/scripts/launcher/places';
import { release } from '@urumi/scripts/launcher/platform-chart';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwner, readSecret } from '../support/cluster-reads.ts';
import { request, toJson } from '../support/http.ts';
import { listPodPids } from '../support/kill-pod.ts';
import { findLeftovers } from '../support/leftovers.ts';
import { listOrders, placeOrder } from '../support/medusa-shop.ts';
import { buildStoreCalls, type StoreCalls, type StoreView } from '../support/platform.ts';
import { readResidentMb } from '../support/processes.ts';
import { deleteStore, namespaceOf, toShop } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const { namespace } = release;
const figures: Record<string, number> = {};

let state: string;
let ingressPort: number;
let urumi: InCluster;
let t: StoreCalls;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'urumi-in-cluster-'));
  ingressPort = await findFreePort();
  const began = performance.now();
  urumi = await startInCluster({
    places: buildPlaces(state),
    storage: 'memory',
    ingressPort,
    fresh: false,
    signal: new AbortController().signal,
    say: (line) => process.stdout.write(`  ${line}\n`),
  });
  figures['startSeconds'] = Math.round((performance.now() - began) / 100) / 10;
  t = buildStoreCalls({ httpPort: ingressPort, host: release.host, token: urumi.token });
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
  await urumi?.stop();
  await rm(state, { recursive: true, force: true });
  expect(await findLeftovers(state)).toEqual([]);
});

const kubectl = async (...args: string[]): Promise<string> => (await urumi.cluster.kubectl(args)).stdout;
const reads = { kubectl };

const helm = async (...args: string[]): Promise<string> => {
  const own = ['--namespace', namespace, '--kubeconfig', urumi.cluster.kubeconfig];
  const { stdout } = await runCommand(join(urumi.cluster.binDir, 'helm'), [...args, ...own], { timeoutMs: 180_000 });
  return stdout;
};

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

async function listPods(component: string): Promise<Pod[]> {
  const selector = `app.kubernetes.io/component=${component}`;
  const text = await kubectl('get', 'pods', '--namespace', namespace, '--selector', selector, '--output', 'json');
  return (JSON.parse(text) as { items: Pod[] }).items;
}

describe('the installation', () => {
  it('checks itself: helm test', async () => {
    expect(await helm('test', release.name)).toMatch(/Phase:\s+Succeeded/);
  });

  it('serves the dashboard at its own address, and tells its state to who has the token', async () => {
    const page = await request({ port: ingressPort, host: `${release.host}:${ingressPort}`, path: '/' });
    expect([page.status, page.body.includes('<div id="root">')]).toEqual([200, true]);
    expect(toJson(await t.api('GET', '/api/me'), 200)).toMatchObject({ cluster: { ready: true } });
    const engines = toJson<{ items: { id: string; available: boolean }[] }>(await t.api('GET', '/api/engines'), 200);
    expect(engines.items.map(({ id, available }) => [id, available])).toEqual([
      ['woocommerce', false],
      ['medusa', true],
    ]);
  });

  it('is found in order by scripts/doctor', async () => {
    const doctor = join(projectFolder, 'scripts', 'doctor.ts');
    const path = `${urumi.cluster.binDir}${delimiter}${process.env['PATH'] ?? ''}`;
    const { stdout } = await runCommand(
      process.execPath,
      [doctor, '--json', '--kubeconfig', urumi.cluster.kubeconfig],
      { env: { PATH: path }, timeoutMs: 60_000 },
    );
    const { lines } = JSON.parse(stdout) as { lines: { state: string }[] };
    expect(lines.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(lines.length).toBeGreaterThan(10);
  });

  it('proves that the cluster enforces its policies, and the worker says so', async () => {
    await waitForProtection('enforced');
    expect(await readWorkerReadiness()).toBe('ok\nadmission policies: enforced\nnetwork policies: enforced\n');
  });

  it('idles small: one of each service and Redis under 450 MB', async () => {
    const sizes = await Promise.all(['api', 'worker', 'reconciler', 'redis'].map(readResidentMbOf));
    process.stdout.write(`  memory: ${sizes.map(Math.round).join(' + ')} MB\n`);
    figures['platformMb'] = Math.round(sizes.reduce((sum, one) => sum + one, 0));
    expect(figures['platformMb']).toBeLessThan(450);
  });
});

/** Resident memory of a component's processes, in megabytes. */
async function readResidentMbOf(component: string): Promise<number> {
  const pids = await Promise.all((await listPods(component)).map(({ metadata }) => listPodPids(metadata.uid)));
  return pids.flat().reduce((sum, pid) => sum + readResidentMb(pid), 0);
}

const waitForProtection = (wanted: string) =>
  waitFor({ what: `policies to be ${wanted}`, timeoutMs: 90_000 }, async () => {
    const { protection } = toJson<{ protection: Record<string, string> }>(await t.api('GET', '/api/metrics'), 200);
    const states = [protection['admissionPolicies'], protection['networkPolicies']];
    return states.every((state) => state === wanted) || new NotYet(JSON.stringify(protection));
  });

async function readWorkerReadiness(): Promise<string> {
  const ask =
    "fetch('http://127.0.0.1:9090/readyz').then((answer) => answer.text()).then((text) => process.stdout.write(text))";
  return kubectl('exec', 'deployment/urumi-worker', '--namespace', namespace, '--', 'node', '--eval', ask);
}

describe('a shop', () => {
  let store: StoreView;

  it('becomes ready on evidence and sells', async () => {
    const began = performance.now();
    store = await t.createStore('Harbour Coffee');
    await t.waitForStatus(store.id, 'ready');
    figures['readySeconds'] = Math.round((performance.now() - began) / 100) / 10;
    const shop = toShop({ ingressPort }, store);
    const { publishableKey = '' } = await readSecret(reads, namespaceOf(store), 'store-app');
    const { id } = await placeOrder(shop, publishableKey, 'harbour@example.com');
    const orders = await listOrders(shop, await readOwner(reads, namespaceOf(store)));
    expect(orders.map((order) => order.id)).toEqual([id]);
  });

  it('goes with everything that was its own', async () => {
    await deleteStore(t, store);
    const left = await kubectl('get', 'namespaces', '--output', 'jsonpath={.items[*].metadata.name}');
    expect(left).not.toContain(namespaceOf(store));
  });
});

describe('workers', () => {
  it('are scaled by kubectl, also down while they work, and nothing is lost', async () => {
    await kubectl('scale', 'deployment/urumi-worker', '--namespace', namespace, '--replicas=3');
    await kubectl('rollout', 'status', 'deployment/urumi-worker', '--namespace', namespace, '--timeout=25s');
    const stores = await Promise.all(['One', 'Two', 'Three'].map((name) => t.createStore(name)));
    await waitFor({ what: 'a first attempt', timeoutMs: 30_000 }, async () => {
      const views = await Promise.all(stores.map(({ id }) => t.readStore(id)));
      return views.some(({ status }) => status.value !== 'queued')
        ? true
        : new NotYet(JSON.stringify(views[0]?.status));
    });
    await kubectl('scale', 'deployment/urumi-worker', '--namespace', namespace, '--replicas=1');
    for (const { id } of stores) await t.waitForStatus(id, 'ready');
    for (const { id } of stores) {
      const { steps } = await t.readStore(id);
      expect(steps.every(({ state }) => state === 'done')).toBe(true);
    }
    const pending = await kubectl(
      'get',
      'secrets',
      '--all-namespaces',
      '--selector',
      'owner=helm,status!=deployed,status!=superseded',
      '--output',
      'name',
    );
    expect(pending).toBe('');
    for (const store of stores) await deleteStore(t, store);
  });
});

describe('policies that are gone', () => {
  it('are missed by the worker, and told', async () => {
    await kubectl('delete', 'validatingadmissionpolicybinding', 'urumi-worker-namespaces');
    await kubectl('delete', 'networkpolicy', 'urumi-api', 'urumi-worker', '--namespace', namespace);
    await kubectl('rollout', 'restart', 'deployment/urumi-worker', '--namespace', namespace);
    await kubectl('rollout', 'status', 'deployment/urumi-worker', '--namespace', namespace, '--timeout=60s');
    await waitForProtection('missing');
  });
});

describe('an upgrade', () => {
  it('keeps the number of workers, every secret and the Redis that runs', async () => {
    await kubectl('scale', 'deployment/urumi-worker', '--namespace', namespace, '--replicas=2');
    const secrets = () => Promise.all(['urumi-auth', 'urumi-redis'].map((name) => readSecret(reads, namespace, name)));
    const before = await secrets();
    const [redis] = await listPods('redis');
    await helm(
      'upgrade',
      release.name,
      join(projectFolder, 'charts', 'platform'),
      '--reuse-values',
      '--set',
      'worker.concurrency=2',
    );
    await kubectl('rollout', 'status', 'deployment/urumi-worker', '--namespace', namespace, '--timeout=25s');
    // What was taken away above is there again, and the new workers find it so.
    await waitForProtection('enforced');
    expect(await secrets()).toEqual(before);
    expect((await listPods('redis'))[0]?.metadata.uid).toBe(redis?.metadata.uid);
    expect(
      await kubectl(
        'get',
        'deployment/urumi-worker',
        '--namespace',
        namespace,
        '--output',
        'jsonpath={.spec.replicas}',
      ),
    ).toBe('2');
  });
});

describe('in the end', () => {
  it('no service was refused anything by Redis, and none was restarted', async () => {
    const { 'admin-password': password = '' } = await readSecret(reads, namespace, 'urumi-redis');
    const { stdout } = await urumi.cluster.kubectl(
      ['exec', '--stdin', 'urumi-redis-0', '--namespace', namespace, '--', 'redis-cli'],
      { input: `AUTH admin ${password}\nACL LOG\n` },
    );
    expect(stdout.split('\n').filter(Boolean)).toEqual(['OK']);
    const pods = (await Promise.all(['api', 'worker', 'reconciler', 'redis'].map(listPods))).flat();
    const restarts = pods
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .map(({ restartCount }) => restartCount);
    expect(restarts.every((count) => count === 0)).toBe(true);
  });
});
