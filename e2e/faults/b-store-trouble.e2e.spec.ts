/**
 * Trouble of single stores: halves without their other half, a set-up Job that went, too little room, images that cannot be
 * pulled, edits by hand, and a store that floods. Each is told with its cause, bounded, and nothing is done unasked.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { simulatedNodeName, SIMULATED_NODE_COUNT } from '@urumi/embedded/simulated/nodes';
import { projectFolder } from '@urumi/scripts/launcher/places';
import { labels } from '@urumi/shared/k8s/labels';
import { openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { keys } from '@urumi/shared/server/store/keys';
import { orphanKinds } from '@urumi/shared/server/store/orphans';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { countFor } from '@urumi/shared/testing/count';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import type { StoreView } from '../support/platform.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { changeBehaviour } from '../support/simulated-values.ts';
import { deleteStore, namespaceOf, untilReason } from '../support/stores.ts';
import { listNames, listStoreNamespaceNames, readMetric, readRecord, readTimeline } from '../support/store-truth.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const resyncMs = 2_000;
const readyMs = 60_000;

let t: SimulatedPlatform;
let repository: StoreRepository;
beforeAll(async () => {
  t = await startSimulatedPlatform({
    env: { reconciler: { RESYNC_MS: String(resyncMs), SWEEP_MS: '1000', PROBE_READY_MS: '1000' } },
  });
  repository = new StoreRepository(t.redis);
});
afterAll(async () => {
  await t?.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

describe('what has lost its other half', () => {
  let store: StoreView;

  it('F30: a store whose set-up Job was removed stays ready', async () => {
    store = await t.createStore('Job Gone', 'woocommerce');
    await t.waitForStatus(store.id, 'ready', readyMs);
    const before = (await readTimeline(t, store)).length;
    const jobs = await listNames(t, 'jobs', namespaceOf(store));
    expect(jobs.length).toBeGreaterThan(0);
    await t.kubectl('delete', 'job', ...jobs, '-n', namespaceOf(store));
    await untilLookedAt(2);
    const seen = await t.readStore(store.id);
    expect(seen.status).toMatchObject({ value: 'ready', reason: 'Healthy', settled: true });
    expect(seen.components.find(({ name }) => name === 'setup')?.state).toBe('ready');
    expect(await readTimeline(t, store)).toHaveLength(before);
    expect(await listNames(t, 'jobs', namespaceOf(store))).toEqual([]);
  });

  it('F28, F30: a stamped namespace gets its record again, and is ready by its page without a set-up Job', async () => {
    await forget(store);
    expect((await t.api('GET', `/api/stores/${store.id}`)).status).toBe(404);
    const again = await waitFor({ what: 'the record to be there again', timeoutMs: 30_000 }, async () => {
      const answer = await t.api('GET', `/api/stores/${store.id}`);
      return answer.status === 200 ? toJson<StoreView>(answer, 200) : new NotYet(answer.body);
    });
    expect(again).toMatchObject({ name: store.name, host: store.host });
    await t.waitForStatus(store.id, 'ready', readyMs);
    expect(await listStoreNamespaceNames(t)).toEqual([namespaceOf(store)]);
    await deleteStore(t, store);
  });

  it('F28: each kind of orphan is counted, listed by the command, and removed only by it', async () => {
    const lost = await t.createStore('Lost Namespace');
    await t.waitForStatus(lost.id, 'ready', readyMs);
    const installation = await t.kubectl(
      'get',
      'namespace',
      namespaceOf(lost),
      '-o',
      `jsonpath={.metadata.labels.${labels.installation.replaceAll('.', '\\.')}}`,
    );
    await t.kubectl('delete', 'namespace', namespaceOf(lost));
    const { status } = await untilReason(t, lost, 'NamespaceLost');
    expect(status.value).toBe('failed');

    const unknown = 'unknowns';
    const metadata = {
      name: `store-${unknown}`,
      labels: { [labels.installation]: installation, [labels.storeId]: unknown },
    };
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
    const queue = openStoreQueue(t.redis);
    const ring = { v: 1, storeId: unknown, generation: 1, traceId: 'planted' } as const;
    await queue.add('create', ring, { delay: 3_600_000 });
    await t.redis.hset(keys.hosts, 'planted.localhost', unknown);
    await t.redis.hset(keys.names('admin'), 'planted', unknown);

    const planted = { namespace: 1, record: 1, job: 1, claim: 2 };
    await untilOrphans(planted);
    // Seen more than once, and nobody removed one.
    await sleep(2 * resyncMs);
    await untilOrphans(planted);
    const shown = await runOrphans([]);
    for (const name of [metadata.name, lost.id, 'planted.localhost', 'names:admin planted'])
      expect(shown).toContain(name);
    await untilOrphans(planted);
    expect(await listNames(t, 'namespaces')).toContain(metadata.name);
    expect(await queue.getDelayedCount()).toBe(1);

    const rows = shown.split('\n').filter((line) => /^(namespace|record|job|claim) /.test(line));
    const answers = rows.map((row) => (row.startsWith('namespace') ? metadata.name : 'y'));
    await runOrphans(['--remove', '--quarantine-hours', '0'], `${answers.join('\n')}\n`);
    await t.waitForStatus(lost.id, 'deleted', readyMs);
    await untilOrphans({ namespace: 0, record: 0, job: 0, claim: 0 });
    expect(await listNames(t, 'namespaces')).not.toContain(metadata.name);
    await queue.close();
  });
});

describe('too little room', () => {
  it('F33: a store for which no node has room waits, says so with the numbers, and spins nothing', async () => {
    await setRoom('1m');
    const store = await t.createStore('No Room');
    try {
      const { status, explanation } = await untilReason(t, store, 'Unschedulable');
      expect(status).toMatchObject({ value: 'provisioning', settled: false });
      expect(explanation?.message).toMatch(/0\/3 nodes are available.*Insufficient cpu/);
      await expectNoSpinning(store);
    } finally {
      await setRoom('1000');
    }
    await t.waitForStatus(store.id, 'ready', readyMs);
    expect((await readRecord(t, store)).attempt.fence).toBe(1);
    await deleteStore(t, store);
  });

  it('F33: a store whose quota is too small says so with the numbers, and spins nothing', async () => {
    const store = await t.createStore('Small Quota');
    await waitFor({ what: 'the namespace', timeoutMs: readyMs, intervalMs: 20 }, async () =>
      (await listStoreNamespaceNames(t)).includes(namespaceOf(store)) ? true : new NotYet('none'),
    );
    const metadata = { name: 'administrators', namespace: namespaceOf(store) };
    await apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { 'requests.memory': '10Mi' } } });
    const { status, explanation } = await untilReason(t, store, 'QuotaExceeded');
    expect(status).toMatchObject({ value: 'provisioning', settled: false });
    expect(explanation?.message).toMatch(/exceeded quota: administrators, requested: .*limited: .*10Mi/);
    await expectNoSpinning(store);
    await t.kubectl('delete', 'resourcequota', metadata.name, '-n', metadata.namespace);
    await t.waitForStatus(store.id, 'ready', 120_000);
    expect((await readRecord(t, store)).attempt.fence).toBe(1);
    await deleteStore(t, store);
  });
});

it('F34: an image that cannot be pulled is named at once, costs no further try, and is well once it can be', async () => {
  const putBack = await changeBehaviour(t, { storefront: 'pull-failing' });
  const store = await t.createStore('No Image');
  const began = performance.now();
  const seen = untilReason(t, store, 'ImagePullFailing');
  const { status, explanation } = await seen.finally(() => void putBack());
  // Not at a deadline, which is minutes away.
  expect(performance.now() - began).toBeLessThan(30_000);
  expect(status).toMatchObject({ value: 'provisioning', settled: false });
  expect(explanation?.message).toMatch(/simulated-pull-failing\/medusa-storefront/);
  await expectNoSpinning(store);
  await behave(store, 'storefront', 'well');
  await t.waitForStatus(store.id, 'ready', readyMs);
  await deleteStore(t, store);
});

describe('edits by hand', () => {
  let store: StoreView;
  const edit = (...args: string[]): Promise<string> => t.kubectl(...args, '-n', namespaceOf(store));
  const read = (path: string, ...object: string[]): Promise<string> =>
    t.kubectl('get', ...object, '-n', namespaceOf(store), '--ignore-not-found', '-o', `jsonpath=${path}`);

  it('F41: what guards a store is put right by a worker', async () => {
    store = await t.createStore('Edited');
    await t.waitForStatus(store.id, 'ready', readyMs);
    const namespace = namespaceOf(store);
    const guards = {
      policy: () => read('{.spec}', 'networkpolicy', 'store-default-deny'),
      quota: () => read('{.spec}', 'resourcequota', 'store-quota'),
      label: () => t.kubectl('get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels}'),
      limits: () => read('{.spec}', 'limitrange', 'store-defaults'),
      installer: () => read('{.subjects}', 'rolebinding', 'store-installer'),
    };
    const look = async (): Promise<Record<string, string>> =>
      Object.fromEntries(await Promise.all(Object.entries(guards).map(async ([name, one]) => [name, await one()])));
    const before = await look();
    const { fence } = (await readRecord(t, store)).attempt;

    await edit('patch', 'networkpolicy', 'store-default-deny', '-p', '{"spec":{"policyTypes":["Egress"]}}');
    await edit('patch', 'resourcequota', 'store-quota', '-p', '{"spec":{"hard":{"limits.memory":"900Gi"}}}');
    await t.kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=privileged', '--overwrite');
    await edit('delete', 'limitrange', 'store-defaults');
    const began = performance.now();
    await waitFor({ what: 'all to be put right', timeoutMs: 90_000 }, async () => {
      const now = await look();
      const wrong = Object.keys(before).filter((name) => now[name] !== before[name]);
      return wrong.length === 0 ? true : new NotYet(wrong.join(', '));
    });
    process.stdout.write(`  put right in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    // By a worker's attempt, and without a word against the shop.
    expect((await readRecord(t, store)).attempt.fence).toBeGreaterThan(fence);
    expect((await t.readStore(store.id)).status).toMatchObject({ value: 'ready', reason: 'Healthy' });
  });

  it('F41: an edited route is told and left as it is', async () => {
    // A repair that still runs would put back the route too.
    await waitFor({ what: 'the repairs to end', timeoutMs: 90_000 }, async () => {
      const { observed, release } = await readRecord(t, store);
      const isBusy = observed.drift > release.driftAnswered || (await repository.isLeased(store.id));
      return isBusy || observed.notes.length > 0 ? new NotYet(JSON.stringify({ observed, release })) : true;
    });
    const patch = '[{"op":"add","path":"/spec/rules/0/http/paths/0/path","value":"/edited"}]';
    await edit('patch', 'ingress', 'store-shop', '--type=json', '-p', patch);
    const told = await waitFor({ what: 'the edit to be told', timeoutMs: 30_000 }, async () => {
      const { notes } = (await readRecord(t, store)).observed;
      return notes.find((note) => note.includes('Ingress store-shop')) ?? new NotYet(JSON.stringify(notes));
    });
    expect(told).toMatch(/edited by .*; left as it is/);
    await untilLookedAt(2);
    expect(await read('{.spec.rules[0].http.paths[0].path}', 'ingress', 'store-shop')).toBe('/edited');
    await deleteStore(t, store);
  });
});

it('F44: a crash-looping store with floods of events and wishes keeps its timeline and record bounded', async () => {
  const wishes = countFor({ change: 220, gate: 1_000 });
  const timelineMost = 200;
  const store = await t.createStore('Flood');
  await t.waitForStatus(store.id, 'ready', readyMs);
  await behave(store, 'server', 'crash-loop');
  await untilReason(t, store, 'CrashLooping');
  const versionBefore = Number(await t.redis.hget(keys.store(store.id), 'version'));
  await floodEvents(store, countFor({ change: 300, gate: 3_000 }));
  await untilLookedAt(2);
  // What the cluster repeats is told once.
  const versionAfter = Number(await t.redis.hget(keys.store(store.id), 'version'));
  expect(versionAfter - versionBefore).toBeLessThan(10);
  const { explanation } = (await readRecord(t, store)).observed;
  expect(explanation?.events.length).toBeLessThanOrEqual(10);
  for (const line of explanation?.events ?? []) expect(line.length).toBeLessThanOrEqual(201);

  for (let index = 0; index < wishes; index += 1) {
    toJson(await t.api('PATCH', `/api/stores/${store.id}`, { plan: index % 2 === 0 ? 'M' : 'S' }), 202);
  }
  expect(await t.redis.llen(keys.timeline(store.id))).toBeLessThanOrEqual(timelineMost);
  expect((await readTimeline(t, store)).length).toBeLessThanOrEqual(timelineMost);
  const sizes = Object.values(await t.redis.hgetall(keys.store(store.id))).map((field) => field.length);
  const recordBytes = sizes.reduce((sum, size) => sum + size, 0);
  const timelineBytes = Number(await t.redis.memory('USAGE', keys.timeline(store.id), 'SAMPLES', 0));
  process.stdout.write(`  record ${recordBytes} B, timeline ${timelineBytes} B\n`);
  expect(recordBytes).toBeLessThan(20_000);
  expect(timelineBytes).toBeLessThan(500_000);
  await deleteStore(t, store);
});

/** Until this many full passes have begun and ended from now on. */
async function untilLookedAt(passes: number): Promise<void> {
  for (let index = 0; index <= passes; index += 1) {
    const before = await repository.readLastPass();
    await waitFor({ what: 'a full pass', timeoutMs: 60_000 }, async () =>
      (await repository.readLastPass()) === before ? new NotYet('the pass before') : true,
    );
  }
}

/** As a Redis that has lost this store, and with it name and host. */
async function forget({ id, host }: StoreView): Promise<void> {
  const { identity } = await readRecord(t, { id });
  const work = t.redis.multi();
  work.del(keys.store(id), keys.timeline(id)).zrem(keys.stores, id).zrem(keys.ownerStores(identity.owner), id);
  work.hdel(keys.statuses(identity.owner), id).hdel(keys.hosts, host);
  work.hdel(keys.names(identity.owner), identity.name.toLowerCase());
  await work.exec();
}

async function untilOrphans(expected: Readonly<Record<(typeof orphanKinds)[number], number>>): Promise<void> {
  const { opsPort } = t.service('reconciler-1');
  await waitFor({ what: `orphans ${JSON.stringify(expected)}`, timeoutMs: 30_000 }, async () => {
    const seen: Record<string, number> = {};
    for (const kind of orphanKinds) seen[kind] = await readMetric(opsPort, 'urumi_reconciler_orphans', `"${kind}"`);
    return orphanKinds.every((kind) => seen[kind] === expected[kind]) ? true : new NotYet(JSON.stringify(seen));
  });
}

async function runOrphans(args: readonly string[], answers = ''): Promise<string> {
  const { url, proxy } = await t.redisServer.openWay();
  const env = {
    ...process.env,
    REDIS_URL: url,
    KUBECONFIG: t.cluster.kubeconfig,
    PATH: `${t.cluster.binDir}:${process.env['PATH']}`,
  };
  try {
    return await new Promise((resolve, reject) => {
      const child = execFile(
        process.execPath,
        [join(projectFolder, 'scripts', 'orphans.ts'), ...args],
        { env, timeout: 60_000 },
        (error, stdout, stderr) =>
          error ? reject(new Error(`${stdout}${stderr}`, { cause: error })) : resolve(stdout),
      );
      child.stdin?.end(answers);
    });
  } finally {
    await proxy.close();
  }
}

async function setRoom(cpu: string): Promise<void> {
  const patch = JSON.stringify({ status: { allocatable: { cpu }, capacity: { cpu } } });
  for (let index = 0; index < SIMULATED_NODE_COUNT; index += 1) {
    await t.kubectl('patch', 'node', simulatedNodeName(index), '--subresource=status', '-p', patch);
  }
}

/** A store that waits costs no attempts, and its job does not come again and again. */
async function expectNoSpinning(store: StoreView): Promise<void> {
  const { opsPort } = t.service('worker-1');
  const look = async () => [
    (await readRecord(t, store)).attempt.fence,
    await readMetric(opsPort, 'urumi_attempts_total'),
    (await readTimeline(t, store)).length,
  ];
  await waitFor({ what: 'the attempt to end', timeoutMs: 30_000 }, async () =>
    (await readMetric(opsPort, 'urumi_attempts_running')) === 0 ? true : new NotYet('it runs'),
  );
  const before = await look();
  await sleep(4_000);
  expect(await look()).toEqual(before);
  expect(before[0]).toBe(1);
}

async function behave(store: StoreView, component: string, behaviour: string): Promise<void> {
  const select = ['-n', namespaceOf(store), '-l', `${labels.component}=${component}`];
  await t.kubectl('annotate', 'pods', ...select, '--overwrite', `urumi.dev/simulated=${behaviour}`);
}

async function floodEvents(store: StoreView, count: number): Promise<void> {
  const namespace = namespaceOf(store);
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `flood-${index}`, namespace },
    type: 'Warning',
    reason: 'BackOff',
    message: `${index} ${'restarting failed container '.repeat(30)}`,
    involvedObject: { kind: 'Pod', name: `store-server-${index}`, namespace },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
    count: index + 1,
  }));
  await t.cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

async function apply(object: object): Promise<void> {
  await t.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
}
