/**
 * The main story: a person asks for a shop, it becomes ready, takes a cash-on-delivery order, keeps it over a restart of
 * its database, and leaves nothing behind when it is deleted. Real cluster, real pods, every service.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeaks, readStoreSecrets } from '../support/canary.ts';
import { readOwner, readSecret } from '../support/cluster-reads.ts';
import { request, toJson, type Answer } from '../support/http.ts';
import { countMedusaShop, listOrders, placeOrder } from '../support/medusa-shop.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { readResidentMb } from '../support/processes.ts';
import { changeSetupRoute, changeStoreValues, type Values } from '../support/store-values.ts';
import { deleteStore, namespaceOf, toShop, untilReason } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import { buyInBrowser } from './browser-story.ts';
import { readRights } from './rights.ts';

const artifacts = join(import.meta.dirname, '..', 'artifacts');
const figures: Record<string, number> = {};

let t: TestPlatform;
beforeAll(async () => {
  await mkdir(artifacts, { recursive: true });
  t = await startTestPlatform();
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
  await t?.stop();
});

let store: StoreView;
let order: { id: string; displayId: number };

const namespace = (): string => namespaceOf(store);
const shop = () => toShop(t, store);
const owner = () => readOwner(t, namespace());

describe('the services', () => {
  it('idle under 400 MB together', async () => {
    const pids = Object.values(t.platform.services).map((service) => service.pid());
    const sizes = pids.map((pid) => readResidentMb(pid));
    figures['servicesMb'] = Math.round(sizes.reduce((sum, size) => sum + size, 0));
    expect(figures['servicesMb']).toBeLessThan(400);
  });
});

describe('a store from wish to order', () => {
  it('is accepted at once and becomes ready on evidence', async () => {
    const began = performance.now();
    const answer = await t.api(
      'POST',
      '/api/stores',
      { name: 'Harbour Coffee', engine: 'medusa' },
      { 'idempotency-key': 'first' },
    );
    figures['acceptMs'] = Math.round(answer.ms);
    store = toJson(answer, 202);
    expect(answer.headers.location).toBe(`/api/stores/${store.id}`);
    const ready = await t.waitForStatus(store.id, 'ready');
    figures['readySeconds'] = Math.round((performance.now() - began) / 100) / 10;
    expect(ready.steps.every((step) => step.state === 'done')).toBe(true);
    expect(ready.url).toBe(`http://${store.id}.localhost:${t.ingressPort}`);
  });

  it('the same key gets the same store, never a second one', async () => {
    const again = await t.api(
      'POST',
      '/api/stores',
      { name: 'Harbour Coffee', engine: 'medusa' },
      { 'idempotency-key': 'first' },
    );
    expect(toJson<StoreView>(again, 202).id).toBe(store.id);
    const list = toJson<{ items: unknown[] }>(await t.api('GET', '/api/stores'), 200);
    expect(list.items).toHaveLength(1);
  });

  it('shows its products at its own host name and nowhere else', async () => {
    const front = await request({ ...shop(), path: '/' });
    expect(front.status).toBe(200);
    expect(front.body.match(/data-product="/g)?.length).toBeGreaterThanOrEqual(8);
    expect((await request({ port: t.ingressPort, host: 'other.localhost', path: '/' })).status).toBe(404);
  });

  it('takes a cash-on-delivery order that the owner sees in the admin API', async () => {
    const { publishableKey = '' } = await readSecret(t, namespace(), 'store-app');
    const began = performance.now();
    order = await placeOrder(shop(), publishableKey, 'ada@example.com');
    figures['orderSeconds'] = Math.round((performance.now() - began) / 100) / 10;
    expect((await listOrders(shop(), await owner())).map(({ id }) => id)).toContain(order.id);
  });

  it('F31: keeps the order when its database pod is replaced', async () => {
    await t.kubectl('delete', 'pod', '-n', namespace(), 'store-database-0', '--wait=true');
    await t.kubectl('rollout', 'status', '-n', namespace(), 'statefulset/store-database', '--timeout=120s');
    const orders = await waitFor({ what: 'the shop to answer again', timeoutMs: 120_000 }, async () => {
      try {
        return await listOrders(shop(), await owner());
      } catch (error) {
        return new NotYet(String(error).slice(0, 200));
      }
    });
    expect(orders.map(({ id }) => id)).toContain(order.id);
    await t.waitForStatus(store.id, 'ready');
  });
});

describe('the two routes of set-up', () => {
  let other: StoreView;

  it('end in the same shop; from scratch takes over where the template may not be used', async () => {
    expect(await t.kubectl('get', 'jobs', '-n', namespace(), '-o', 'name')).toBe('');
    const putBack = await changeSetupRoute(t, 'scratch');
    const began = performance.now();
    other = await t.createStore('From Scratch', 'medusa');
    await t.waitForStatus(other.id, 'ready');
    figures['scratchReadySeconds'] = Math.round((performance.now() - began) / 100) / 10;
    await putBack();
    expect(await t.kubectl('get', 'jobs', '-n', namespaceOf(other), '-o', 'name')).toContain('store-setup-1-');
    expect(await count(other)).toEqual(await count(store));
  });

  it('share no secret and no instance, and leave none in Redis, objects, logs or arguments', async () => {
    const namespaces = [namespace(), namespaceOf(other)];
    const secrets = await readStoreSecrets(t, namespaces);
    expect(secrets.size).toBeGreaterThanOrEqual(8);
    expect(new Set(secrets.values()).size).toBe(secrets.size);
    const instances = await Promise.all(namespaces.map(readInstance));
    expect(new Set(instances).size).toBe(2);
    expect(instances.every((id) => id.trim().length >= 16)).toBe(true);
    expect(await findLeaks(t, namespaces)).toEqual([]);
    await deleteStore(t, other);
  });

  async function count(one: StoreView): Promise<unknown> {
    const { publishableKey = '' } = await readSecret(t, namespaceOf(one), 'store-app');
    return countMedusaShop(toShop(t, one), publishableKey, await readOwner(t, namespaceOf(one)));
  }

  function readInstance(of: string): Promise<string> {
    const script = 'while read -r id; do echo "$id"; done </srv/medusa/static/.urumi-instance';
    return t.kubectl('exec', '-n', of, 'deployment/store-server', '--', 'sh', '-c', script);
  }
});

describe('what a store is in the cluster', () => {
  it('holds exactly the objects of the golden list', async () => {
    const kinds = (await t.kubectl('api-resources', '--namespaced', '--verbs=list', '-o', 'name')).trim().split('\n');
    const kept = kinds.filter((kind) => !kind.startsWith('events') && !kind.includes('metrics.k8s.io'));
    const objects = (await t.kubectl('get', kept.join(','), '-n', namespace(), '-o', 'name')).trim().split('\n');
    await expect(`${toStableNames(objects).join('\n')}\n`).toMatchFileSnapshot('store-objects.golden');
  });

  it('is enforced as restricted, and every process has a non-zero uid', async () => {
    const labels = await t.kubectl('get', 'namespace', namespace(), '-o', 'jsonpath={.metadata.labels}');
    expect(JSON.parse(labels)).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    for (const workload of ['statefulset/store-database', 'deployment/store-server', 'deployment/store-storefront']) {
      // The images hold a shell and the program, nothing else: the kernel tells the uid.
      const script = 'while read -r key uid rest; do [ "$key" = Uid: ] && echo "$uid"; done </proc/1/status';
      const uid = await t.kubectl('exec', '-n', namespace(), workload, '--', 'sh', '-c', `${script}; true`);
      expect(Number(uid.trim()), workload).toBeGreaterThan(0);
    }
  });

  it('the services have the rights of the golden files, no more', async () => {
    for (const service of ['api', 'worker', 'reconciler'] as const) {
      await expect(await readRights(t, service, namespace())).toMatchFileSnapshot(`rights-${service}.golden`);
    }
  });
});

describe('the queue board', () => {
  it('asks for a login, and shows create and delete jobs with step, try and result', async () => {
    expect((await request({ port: t.httpPort, path: '/admin/queues/' })).status).toBe(401);
    expect((await request({ port: t.httpPort, path: '/admin/queues/api/queues' })).status).toBe(401);
    const passing = await t.createStore('Passing By');
    await t.waitForStatus(passing.id, 'provisioning');
    await deleteStore(t, passing);

    const jobs = await readFinishedJobs();
    // Newest first; the repeated wish rang once more and found nothing to do.
    const created = jobs.findLast((job) => job.name === 'create' && job.data.storeId === store.id);
    expect(created).toMatchObject({ returnValue: { result: 'applied', generation: 1, attempt: 1 } });
    expect(created?.progress).toEqual({ state: 'applied', generation: 1, attempt: 1 });
    const steps = await readBoard(`/stores/${created?.id}/logs`);
    expect(steps.body).toContain('release: applied');
    const removed = jobs.find((job) => job.name === 'delete' && job.data.storeId === passing.id);
    expect(removed).toMatchObject({ returnValue: { result: 'torn-down', generation: 2 } });
  });
});

interface BoardJob {
  readonly id: string;
  readonly name: string;
  readonly data: { readonly storeId: string };
  readonly progress: unknown;
  readonly returnValue: unknown;
}

async function readFinishedJobs(): Promise<readonly BoardJob[]> {
  const board = await readBoard('?activeQueue=stores&status=completed&page=1&jobsPerPage=50');
  return toJson<{ queues: { jobs: BoardJob[] }[] }>(board, 200).queues.flatMap((queue) => queue.jobs);
}

function readBoard(path: string): Promise<Answer> {
  const basic = `Basic ${Buffer.from(`admin:${t.platform.token}`).toString('base64')}`;
  return request({ port: t.httpPort, path: `/admin/queues/api/queues${path}`, headers: { authorization: basic } });
}

describe('the same through dashboard and storefront', () => {
  it('a person creates a store, buys something and sees the confirmation', async () => {
    const bought = await buyInBrowser({ dashboard: t.platform.url, token: t.platform.token, artifacts });
    expect(bought.faults).toEqual([]);
    expect(bought.orderNumber).toMatch(/^#?\d+$/);
    figures['browserReadySeconds'] = bought.readySeconds;
  });
});

describe('several at once and trouble', () => {
  it('three stores asked for together all become ready', async () => {
    const began = performance.now();
    const three = await Promise.all(['Uno', '../x {{ }}', 'قهوة --kubeconfig=x'].map((name) => t.createStore(name)));
    for (const { id } of three) await t.waitForStatus(id, 'ready', 600_000);
    figures['threeReadySeconds'] = Math.round((performance.now() - began) / 1000);
    const names = await Promise.all(three.map(async ({ id }) => (await t.readStore(id)).name));
    expect(names).toEqual(['Uno', '../x {{ }}', 'قهوة --kubeconfig=x']);
    for (const { id } of three) toJson(await t.api('DELETE', `/api/stores/${id}`), 202);
    for (const { id } of three) await t.waitForStatus(id, 'deleted');
  });

  it('F17, F34: an image that cannot be had is named at once, fails at the deadline, and the store can be deleted', async () => {
    const putBack = await changeStoreValues(t, nameMissingImage);
    t.overrides.reconciler = { PROVISIONING_DEADLINE_MS: '30000', WATCH_GRACE_MS: '5000' };
    await t.restart('reconciler');
    const hopeless = await t.createStore('Bad Image');
    const hindered = await untilReason(t, hopeless, 'ImagePullFailing');
    expect(hindered.status.value).toBe('provisioning');
    expect(hindered.explanation?.object).toContain('store-storefront');
    expect(hindered.explanation?.message).toContain('does-not-exist');
    await t.waitForStatus(hopeless.id, 'failed', 120_000);
    await deleteStore(t, hopeless);
    await putBack();
    delete t.overrides.reconciler;
  });
});

describe('deletion', () => {
  it('removes namespace, volumes and route, and leaves tombstone, timeline, feed and finished jobs in Redis', async () => {
    const volumes = await t.kubectl(
      'get',
      'pv',
      '-o',
      `jsonpath={.items[?(@.spec.claimRef.namespace=="${namespace()}")].metadata.name}`,
    );
    expect(volumes.split(' ').filter(Boolean)).toHaveLength(2);
    const began = performance.now();
    toJson(await t.api('DELETE', `/api/stores/${store.id}`), 202);
    await t.waitForStatus(store.id, 'deleted');
    figures['deleteSeconds'] = Math.round((performance.now() - began) / 100) / 10;

    expect(await t.kubectl('get', 'namespace', namespace(), '--ignore-not-found')).toBe('');
    expect((await request({ ...shop(), path: '/' })).status).toBe(404);
    await waitFor({ what: 'the volumes to go', timeoutMs: 60_000 }, async () => {
      const left = await t.kubectl('get', 'pv', '-o', 'name', '--ignore-not-found');
      const ours = volumes.split(' ').filter((name) => name !== '' && left.includes(name));
      return ours.length === 0 ? true : new NotYet(ours.join(' '));
    });
    // Both expire with the tombstone's thirty days.
    const keys = (await t.redis.keys('*')).filter((key) => key.includes(store.id));
    expect(keys.sort()).toEqual([`urumi:timeline:${store.id}`, `urumi:tombstone:${store.id}`]);
    toJson(await t.api('DELETE', `/api/stores/${store.id}`), 202);
  });

  it('of everything leaves the cluster without a store namespace', async () => {
    const { items } = toJson<{ items: StoreView[] }>(await t.api('GET', '/api/stores?limit=100'), 200);
    for (const { id } of items) toJson(await t.api('DELETE', `/api/stores/${id}`), 202);
    for (const { id } of items) await t.waitForStatus(id, 'deleted');
    expect(await t.kubectl('get', 'namespace', '-l', 'urumi.dev/store-id', '-o', 'name')).toBe('');
  });
});

/** Names without what differs from run to run: the random or hashed end that controllers and the chart give these kinds. */
function toStableNames(names: readonly string[]): string[] {
  const stable = names.map((name) =>
    name
      .replace(/^(pod\/store-(?:server|storefront))-[a-z0-9]+-[a-z0-9]{5}$/, '$1-<hash>-<random>')
      .replace(/^(pod\/store-setup-\d+)-[0-9a-f]{8}-[a-z0-9]{5}$/, '$1-<hash>-<random>')
      .replace(/^(job\.batch\/store-setup-\d+)-[0-9a-f]{8}$/, '$1-<hash>')
      .replace(/^(replicaset\.apps\/.+|controllerrevision\.apps\/.+)-[a-z0-9]+$/, '$1-<hash>')
      .replace(/^(endpointslice\.discovery\.k8s\.io\/.+)-[a-z0-9]{5}$/, '$1-<random>'),
  );
  return [...new Set(stable)].sort();
}

function nameMissingImage(values: Values): Values {
  return { ...values, medusa: { storefrontImage: { tag: 'does-not-exist' } } };
}
