/**
 * Deletions: of stores that are being made, of names that are used again, and those that something in the cluster holds up.
 * What is in the way is named with the step for an administrator, and nothing is forced.
 */
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectFolder } from '@urumi/scripts/launcher/places';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAuditedHelm } from '../support/audited-helm.ts';
import { request, toJson } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import type { StoreView } from '../support/platform.ts';
import { buildRandom } from '../support/random.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { deleteStore, namespaceOf, untilReason } from '../support/stores.ts';
import { listNames, listStoreNamespaceNames, readMetric, readTimeline } from '../support/store-truth.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const deletions = countFor({ change: 20, gate: 500 });
const atOnce = 10;
/** About as long as a store takes to be ready, and a little longer. */
const delayMostMs = 8_000;
const seed = Number(process.env['URUMI_SEED'] ?? Date.now() % 100_000);

let t: SimulatedPlatform;
beforeAll(async () => {
  process.stdout.write(`  ${deletions} deletions, sequence ${seed}\n`);
  t = await startSimulatedPlatform({
    env: {
      api: { URUMI_STORES_MAX: '1000' },
      worker: { WORKER_CONCURRENCY: '3' },
      reconciler: { TEARDOWN_STALLED_MS: '6000', RESYNC_MS: '2000' },
    },
  });
});
afterAll(async () => {
  await t?.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

it(
  `F23: ${deletions} stores deleted while they are made are gone with all they had`,
  async () => {
    const helm = await buildAuditedHelm(join(t.places.state, 'audit'), join(t.cluster.binDir, 'helm'));
    await t.service('worker-1').restart({ HELM_BIN: helm.bin });
    const random = buildRandom(seed);
    const plan = Array.from({ length: deletions }, (_, index) => ({
      engine: index % 2 === 0 ? ('medusa' as const) : ('woocommerce' as const),
      // Most fall into the few seconds in which helm runs and pods start; some come at once, or to a store that is ready.
      delayMs: Math.round(random() ** 1.5 * delayMostMs),
    }));
    const caught = new Map<string, number>();
    const work = async (): Promise<void> => {
      for (let one = plan.shift(); one !== undefined; one = plan.shift()) {
        const store = await t.createStore(`race-${plan.length}`, one.engine);
        await sleep(one.delayMs);
        const { status } = await t.readStore(store.id);
        const moment = `${status.value} ${status.reason}`;
        caught.set(moment, (caught.get(moment) ?? 0) + 1);
        await deleteStore(t, store);
        const told = (await readTimeline(t, store)).map(({ type }) => type);
        const afterwards = told.slice(told.indexOf('DeletionRequested') + 1);
        expect(afterwards, `${store.id}, sequence ${seed}`).not.toContain('ReleaseApplied');
        expect(afterwards, `${store.id}, sequence ${seed}`).not.toContain('NamespaceEnsured');
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    process.stdout.write(`  caught: ${JSON.stringify(Object.fromEntries(caught))}\n`);

    expect(caught.size, 'moments at which a deletion came').toBeGreaterThan(1);
    expect(await helm.readOverlaps()).toEqual([]);
    await expectNothingLeft();
  },
  deletions * 20_000,
);

it('F23: a deletion ends a helm that hangs, and does not wait for it', async () => {
  const slow = join(t.places.state, 'slow-helm');
  await writeFile(
    slow,
    `#!/bin/bash\ncase " $* " in *" upgrade "*) sleep 120 ;; esac\nexec "${join(t.cluster.binDir, 'helm')}" "$@"\n`,
  );
  await chmod(slow, 0o755);
  await t.service('worker-1').restart({ HELM_BIN: slow });
  try {
    const store = await t.createStore('hanging');
    await waitFor({ what: 'helm to begin', timeoutMs: 30_000, intervalMs: 50 }, async () => {
      const { status } = await t.readStore(store.id);
      return status.reason === 'AwaitingRelease' ? true : new NotYet(status.reason);
    });
    const began = performance.now();
    toJson(await t.api('DELETE', `/api/stores/${store.id}`), 202);
    await untilReason(t, store, 'TearingDown');
    expect(performance.now() - began).toBeLessThan(10_000);
    await t.waitForStatus(store.id, 'deleted');
  } finally {
    await t.service('worker-1').restart();
  }
  await expectNothingLeft();
});

it('F24: a name is free again once its store is gone, and no sooner', async () => {
  const first = await t.createStore('Used Again');
  await t.waitForStatus(first.id, 'ready', 60_000);
  toJson(await t.api('DELETE', `/api/stores/${first.id}`), 202);
  let refusals = 0;
  const second = await waitFor({ what: 'the name to be free', timeoutMs: 60_000, intervalMs: 100 }, async () => {
    const answer = await t.api('POST', '/api/stores', { name: 'used again', engine: 'medusa' });
    if (answer.status !== 409) return toJson<StoreView>(answer, 202);
    expect(answer.body).toContain('store.name-taken');
    refusals += 1;
    return new NotYet(answer.body);
  });
  expect(refusals).toBeGreaterThan(0);
  expect((await t.readStore(first.id)).status.value).toBe('deleted');
  expect(await listStoreNamespaceNames(t)).not.toContain(namespaceOf(first));
  expect(second.id).not.toBe(first.id);
  await t.waitForStatus(second.id, 'ready', 60_000);
  await deleteStore(t, second);
});

it('F25: an APIService without a backend is named, nothing is forced, and the deletion ends once it is away', async () => {
  const store = await t.createStore('Dead API');
  await t.waitForStatus(store.id, 'ready', 60_000);
  const name = 'v1beta1.nobody.example.com';
  const spec = {
    group: 'nobody.example.com',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { name: 'nobody', namespace: 'default' },
  };
  await apply({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name }, spec });
  try {
    toJson(await t.api('DELETE', `/api/stores/${store.id}`), 202);
    const { status, explanation } = await untilReason(t, store, 'NamespaceStuckTerminating');
    expect(status.value).toBe('deleting');
    expect(explanation?.object).toBe(`APIService ${name}`);
    expect(explanation?.command).toBe(`scripts/cleanup.sh ${store.id}`);
    // A look later nobody has taken the namespace's own finalizer.
    await sleep(3_000);
    const finalizers = await t.kubectl('get', 'namespace', namespaceOf(store), '-o', 'jsonpath={.spec.finalizers}');
    expect(finalizers).toBe('["kubernetes"]');
    expect((await t.readStore(store.id)).status.reason).toBe('NamespaceStuckTerminating');
    expect(await t.kubectl('get', 'apiservice', name, '-o', 'name')).toContain(name);
  } finally {
    await t.kubectl('delete', 'apiservice', name);
  }
  await t.waitForStatus(store.id, 'deleted', 120_000);
});

it('F26: a claim held by an unknown finalizer is named with it and the command, which frees it', async () => {
  const store = await t.createStore('Held Claim');
  await t.waitForStatus(store.id, 'ready', 60_000);
  const finalizer = 'backup.example.com/copying';
  const claim = ['persistentvolumeclaim', 'store-database-data', '-n', namespaceOf(store)];
  const patch = JSON.stringify([{ op: 'add', path: '/metadata/finalizers/-', value: finalizer }]);
  await t.kubectl('patch', ...claim, '--type=json', '-p', patch);
  toJson(await t.api('DELETE', `/api/stores/${store.id}`), 202);
  const { explanation } = await untilReason(t, store, 'NamespaceStuckTerminating');
  expect(explanation?.object).toBe('persistentvolumeclaims/store-database-data');
  expect(explanation?.message).toContain(finalizer);
  expect(explanation?.command).toBe(`scripts/cleanup.sh ${store.id}`);
  await sleep(3_000);
  expect(await t.kubectl('get', ...claim, '-o', 'jsonpath={.metadata.finalizers}')).toContain(finalizer);

  const { stdout } = await promisify(execFile)(join(projectFolder, 'scripts', 'cleanup.sh'), [store.id, '--yes'], {
    env: { ...process.env, KUBECTL: `${join(t.cluster.binDir, 'kubectl')} --kubeconfig ${t.cluster.kubeconfig}` },
  });
  expect(stdout).toContain(finalizer);
  await t.waitForStatus(store.id, 'deleted', 60_000);
  const events = await t.kubectl('get', 'events', '-n', 'default', '-o', 'jsonpath={.items[*].message}');
  expect(events).toContain(`freed ${namespaceOf(store)}`);
});

it('F27: volumes that are kept by policy are counted and logged, not deleted, and do not hold the store', async () => {
  const store = await t.createStore('Kept Volumes');
  await t.waitForStatus(store.id, 'ready', 60_000);
  const volumes = await listNames(t, 'persistentvolumes');
  expect(volumes.length).toBeGreaterThan(0);
  const patch = '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}';
  for (const volume of volumes) await t.kubectl('patch', 'persistentvolume', volume, '-p', patch);
  await deleteStore(t, store);
  const { opsPort } = t.service('reconciler-1');
  await waitFor({ what: 'the volumes to be counted', timeoutMs: 30_000 }, async () => {
    const count = await readMetric(opsPort, 'urumi_reconciler_leftover_volumes');
    return count === volumes.length ? true : new NotYet(String(count));
  });
  expect(await listNames(t, 'persistentvolumes')).toEqual(volumes);
  const phases = await t.kubectl('get', 'persistentvolumes', '-o', 'jsonpath={.items[*].status.phase}');
  expect(new Set(phases.split(' '))).toEqual(new Set(['Released']));
  await t.kubectl('delete', 'persistentvolume', ...volumes);
  await waitFor({ what: 'the count to fall', timeoutMs: 30_000 }, async () => {
    const count = await readMetric(opsPort, 'urumi_reconciler_leftover_volumes');
    return count === 0 ? true : new NotYet(String(count));
  });
});

async function apply(object: object): Promise<void> {
  await t.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
}

async function expectNothingLeft(): Promise<void> {
  expect(await listStoreNamespaceNames(t)).toEqual([]);
  expect(await listNames(t, 'persistentvolumes')).toEqual([]);
  expect([...t.route.served().keys()]).toEqual([]);
  await waitFor({ what: 'Redis to know no living store', timeoutMs: 30_000 }, async () => {
    const keys = (await t.redis.keys('urumi:*')).filter((key) =>
      /^urumi:(store:|lease:|names:|hosts$|owed$)/.test(key),
    );
    return keys.length === 0 ? true : new NotYet(keys.join(' '));
  });
  expect((await request({ port: t.service('api-1').opsPort, path: '/readyz' })).status).toBe(200);
}
