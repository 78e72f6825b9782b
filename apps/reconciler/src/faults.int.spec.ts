/** Rows of the fault table that a reconciler answers for, against a fake API server and a real Redis. */
import { describe, expect, it } from 'vitest';
import { guardResources, rawClaim, rawGuard, rawJob, rawNamespace, rawPod, rawWorkload } from './testing/objects.ts';
import type { RawObject } from './testing/fake-api-server.ts';
import { useWorld } from './testing/use-world.ts';
import { waitUntil } from './testing/wait-until.ts';
import type { World } from './testing/world.ts';

const id = 'abcd1234';
const namespace = `store-${id}`;

let world: World;
useWorld((opened) => {
  world = opened;
});

const observed = async () => (await world.record(id)).observed;
const looks = (result?: string) => world.metric('urumi_reconciler_looks_total', result === undefined ? {} : { result });
/** Waits until so many more looks ended: what was to be said by them has been said. */
async function awaitLooks(count = 5): Promise<void> {
  const before = await looks();
  await waitUntil(
    () => looks(),
    (now) => now >= before + count,
    { what: 'more looks' },
  );
}
const mendAll = async (): Promise<void> => {
  world.cluster.put(guardResources.NetworkPolicy, rawGuard(id, 'store-dns'));
  const { drift } = await observed();
  await world.worker.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift });
};

describe('F41: drift', () => {
  it('of a guardrail is found by the watch, a worker is rung for, and its answer ends it', async () => {
    world.startReconciler({ SWEEP_MS: '60000', RESYNC_MS: '60000' });
    await world.makeReady(id);
    expect(await observed()).toMatchObject({ drift: 0, notes: [] });
    world.cluster.put(guardResources.NetworkPolicy, rawGuard(id, 'store-dns', { podSelector: {}, egress: [{}] }));
    await waitUntil(observed, ({ drift }) => drift === 1);
    expect((await observed()).notes).toEqual(['NetworkPolicy store-dns was edited; it is put right']);
    expect(await world.status(id)).toBe('ready Healthy');
    await waitUntil(() => world.doorbell.hasJob(id), Boolean);
    await mendAll();
    await waitUntil(observed, ({ notes }) => notes.length === 0);
    expect((await observed()).drift).toBe(1);
  });

  it('that no watch told is found by the next list', async () => {
    world.startReconciler({ RESYNC_MS: '1000' });
    await world.makeReady(id);
    const lost = rawGuard(id, 'store-quota', { hard: { pods: '99' } });
    world.cluster.putSilently(guardResources.ResourceQuota, lost);
    await waitUntil(observed, ({ drift }) => drift === 1, { timeoutMs: 5_000 });
    expect((await observed()).notes).toEqual(['ResourceQuota store-quota was edited; it is put right']);
  });

  it('that comes back after each repair is not repaired in a circle', async () => {
    world.startReconciler();
    await world.makeReady(id);
    const edited = rawGuard(id, 'store-dns', { podSelector: {}, egress: [{}] });
    world.cluster.put(guardResources.NetworkPolicy, edited);
    await waitUntil(observed, ({ drift }) => drift === 1);
    await world.worker.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 1 });
    for (let round = 0; round < 5; round += 1) {
      world.cluster.put(guardResources.NetworkPolicy, edited);
      await awaitLooks(2);
    }
    expect((await observed()).drift).toBe(1);
  });

  it('of a lagging cache is no drift: a direct read decides', async () => {
    world.startReconciler();
    await world.makeReady(id);
    world.cluster.denyToWatches(guardResources.NetworkPolicy, 'store-default-deny', namespace);
    await awaitLooks();
    expect(await observed()).toMatchObject({ drift: 0, notes: [] });
  });

  it('of a Service is told and not repaired', async () => {
    world.startReconciler();
    await world.makeReady(id);
    const service = rawGuard(id, 'store-server');
    const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', fieldsV1: { 'f:spec': {} } }];
    world.cluster.put('services', { ...service, metadata: { ...service.metadata, managedFields } });
    await waitUntil(observed, ({ notes }) => notes.length === 1);
    expect(await observed()).toMatchObject({
      drift: 0,
      notes: ['Service store-server was edited by kubectl-edit; left as it is'],
    });
    expect(await world.doorbell.hasJob(id)).toBe(false);
  });
});

describe('F31: data that is lost', () => {
  it('is told for good, and no worker is rung to put an empty volume in its place', async () => {
    world.startReconciler();
    await world.makeReady(id);
    world.cluster.delete('persistentvolumeclaims', 'store-database-data', namespace);
    await world.waitForStatus(id, 'failed DataLost');
    const { explanation, verdict } = await observed();
    expect([verdict, explanation?.object]).toEqual(['fatal', 'PersistentVolumeClaim store-database-data']);
    world.cluster.delete(guardResources.NetworkPolicy, 'store-dns', namespace);
    await awaitLooks();
    expect(await world.doorbell.hasJob(id)).toBe(false);
    expect((await observed()).drift).toBe(0);
    world.cluster.put('persistentvolumeclaims', rawClaim(id, 'store-database-data', 'Lost'));
    await waitUntil(observed, (now) => now.explanation?.message === 'the volume behind this claim is gone');
    expect(await world.status(id)).toBe('failed DataLost');
  });
});

describe('F30: a setup Job that is cleaned away after success', () => {
  it('takes nothing from a ready store, nor from one that a new reconciler sees first', async () => {
    const first = world.startReconciler();
    await world.makeReady(id);
    world.cluster.delete('jobs', 'store-setup-1-0a1b2c3d', namespace);
    await awaitLooks();
    expect(await world.status(id)).toBe('ready Healthy');
    await first.stop();
    world.startReconciler();
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null,
    );
    expect((await observed()).verdict).toBe('healthy');
  });
});

describe('a failure', () => {
  it('keeps its explanation after its objects are gone; a retry begins a new one', async () => {
    world.startReconciler();
    await world.request(id);
    await world.apply(id);
    const pod = 'store-setup-1-0a1b2c3d-x';
    const terminated = { name: 'setup', state: { terminated: { exitCode: 42, reason: 'Error' } } };
    world.cluster.put('pods', rawPod(id, 'setup', pod, { phase: 'Failed', containerStatuses: [terminated] }));
    world.cluster.logs.set(`${pod}/setup`, 'step products\nbad price\n');
    world.cluster.put('jobs', rawJob(id, [{ type: 'Failed', status: 'True', reason: 'PodFailurePolicy' }]));
    await world.waitForStatus(id, 'failed SetupFailed');
    const told = (await observed()).explanation;
    expect(told?.logLines).toEqual(['step products', 'bad price']);
    world.cluster.delete('pods', pod, namespace);
    world.cluster.delete('jobs', 'store-setup-1-0a1b2c3d', namespace);
    await awaitLooks(3);
    expect(await world.status(id)).toBe('failed SetupFailed');
    expect((await observed()).explanation).toEqual(told);

    await world.api.apply(id, { type: 'RetryRequested', recreate: false });
    await world.worker.apply(id, { type: 'AttemptStarted', fence: 2, generation: 2 });
    for (const component of ['server', 'storefront'])
      world.cluster.put('deployments', rawWorkload(id, component, { available: 0, generation: 2 }));
    world.cluster.put('statefulsets', rawWorkload(id, 'database', { available: 0, generation: 2 }));
    await world.worker.apply(id, { type: 'ReleaseApplied', generation: 2, chartVersion: '0.1.0', drift: 0 });
    await waitUntil(observed, ({ explanation }) => explanation === null);
    expect((await world.status(id)).startsWith('provisioning')).toBe(true);
  });

  it('by the deadline alone names what is not ready, with its log', async () => {
    world.startReconciler({ PROVISIONING_DEADLINE_MS: '800', WATCH_GRACE_MS: '300' });
    await world.request(id);
    await world.apply(id);
    await world.waitForStatus(id, 'failed DeadlinePassed');
    expect((await observed()).explanation).toMatchObject({
      object: 'Component database',
      message: 'not ready within the deadline: database: starting',
    });
  });
});

describe('F22: a namespace that somebody deletes', () => {
  it.each(['provisioning', 'ready', 'degraded', 'failed'])('fails a %s store as lost', async (status) => {
    world.startReconciler({ PROVISIONING_DEADLINE_MS: '600', WATCH_GRACE_MS: '300' });
    if (status === 'provisioning' || status === 'failed') {
      await world.request(id);
      await world.apply(id);
      if (status === 'failed') await world.waitForStatus(id, 'failed DeadlinePassed');
    } else {
      await world.makeReady(id);
    }
    if (status === 'degraded') {
      world.cluster.put('deployments', rawWorkload(id, 'server', { available: 0 }));
      await waitUntil(observed, ({ verdict }) => verdict === 'unhealthy');
      const now = await observed();
      const longAgo = { ...now, unhealthySince: (now.unhealthySince ?? 0) - 60_000 };
      await world.redis.hset(`urumi:store:${id}`, 'observed', JSON.stringify(longAgo));
      await world.waitForStatus(id, 'degraded WorkloadUnavailable');
    }
    world.cluster.delete('namespaces', namespace);
    await world.waitForStatus(id, 'failed NamespaceLost');
    expect(await world.doorbell.hasJob(id)).toBe(false);
  });

  it('of a deleting store ends the deletion', async () => {
    world.startReconciler();
    await world.makeReady(id);
    await world.api.apply(id, { type: 'DeletionRequested' });
    world.cluster.delete('namespaces', namespace);
    await world.worker.apply(id, { type: 'TeardownStarted', generation: 2 });
    await world.waitForStatus(id, 'none');
  });
});

describe('F14: an API server that is away', () => {
  it('makes nothing fail, though a deadline passes meanwhile; the last pass says how old the evidence is', async () => {
    world.startReconciler({ PROVISIONING_DEADLINE_MS: '1000', WATCH_GRACE_MS: '400' });
    await world.request(id);
    await world.apply(id);
    await world.waitForStatus(id, 'provisioning AwaitingWorkloads');
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null,
    );
    world.cluster.refuseWith = 503;
    world.cluster.breakWatches('reset');
    await waitUntil(
      () => looks('no-contact'),
      (count) => count > 0,
    );
    const before = await world.record(id);
    const lastPass = await world.repository.readLastPass();
    const seen = await looks('no-contact');
    await waitUntil(
      () => looks('no-contact'),
      (count) => count >= seen + 3,
    );
    expect(await world.record(id)).toEqual(before);
    expect(await world.repository.readLastPass()).toBe(lastPass);
    world.runAll(id);
    world.cluster.refuseWith = null;
    await world.waitForStatus(id, 'ready Healthy');
    expect((await observed()).deadlineGeneration).toBe(0);
  });
});

describe('F16: watches that break all the time', () => {
  it('miss nothing and tell nothing twice', async () => {
    world.startReconciler();
    await world.makeReady(id);
    const ways = ['close', 'too-old', 'reset'] as const;
    const before = await looks('told');
    const changes = 12;
    for (let change = 0; change < changes; change += 1) {
      const available = change % 2;
      // The change falls into the gap between two watches.
      world.cluster.breakWatches(ways[change % ways.length] ?? 'close');
      world.cluster.put('deployments', rawWorkload(id, 'server', { available }));
      await waitUntil(observed, ({ verdict }) => (verdict === 'healthy') === (available === 1));
    }
    expect((await looks('told')) - before).toBe(changes);
  });
});

describe('F37: three reconcilers', () => {
  it('one of which is stopped half-way tell the same story as one', async () => {
    const all = [1, 2, 3].map(() => world.startReconciler());
    await world.request(id);
    await world.apply(id);
    await world.waitForStatus(id, 'provisioning AwaitingWorkloads');
    world.cluster.put('statefulsets', rawWorkload(id, 'database'));
    await world.waitForStatus(id, 'provisioning AwaitingSetup');
    await all[0]?.stop();
    world.runAll(id);
    await world.waitForStatus(id, 'ready Healthy');
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null,
    );
    const lines = await world.redis.lrange(`urumi:timeline:${id}`, 0, -1);
    const texts = lines.map((line) => (JSON.parse(line) as { message?: string; text?: string }).text ?? line);
    expect(texts.filter((text) => text.includes('The shop page shows products'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('Adding products and settings'))).toHaveLength(1);
  });
});

describe('F43: a host that no DNS entry leads to', () => {
  it('is noted beside a store that stays ready', async () => {
    world.startReconciler();
    await world.request(id, 'medusa', `${id}.shops.invalid`);
    await world.apply(id);
    world.runAll(id);
    await world.waitForStatus(id, 'ready Healthy');
    await waitUntil(observed, ({ notes }) => notes.length === 1);
    expect((await observed()).notes).toEqual([`not reachable from outside: no DNS entry leads to ${id}.shops.invalid`]);
    expect(await world.status(id)).toBe('ready Healthy');
  });
});

describe('F44: a store that floods its log and events', () => {
  it('costs one bounded explanation and a few lines of timeline', async () => {
    world.startReconciler();
    await world.request(id);
    await world.apply(id);
    for (let index = 0; index < 500; index += 1) {
      world.cluster.put('events', {
        metadata: { name: `e${index}`, namespace },
        involvedObject: { kind: 'Pod', name: 'store-database-0' },
        reason: 'BackOff',
        message: 'x '.repeat(5_000),
      });
    }
    world.cluster.logs.set('store-database-0/database', `${'y '.repeat(1_000)}\n`.repeat(2_000));
    const put = (state: object): RawObject =>
      world.cluster.put(
        'pods',
        rawPod(id, 'database', 'store-database-0', {
          phase: 'Running',
          containerStatuses: [{ name: 'database', ready: false, state }],
        }),
      );
    for (let round = 0; round < 100; round += 1) {
      put(
        round % 2 === 0 ? { waiting: { reason: 'CrashLoopBackOff', message: `back-off ${round}` } } : { running: {} },
      );
      if (round % 10 === 0) await awaitLooks(1);
    }
    await world.waitForStatus(id, 'provisioning CrashLooping');
    const { explanation } = await observed();
    expect(explanation?.events).toHaveLength(10);
    expect(JSON.stringify(explanation).length).toBeLessThan(10_000);
    expect((await world.redis.lrange(`urumi:timeline:${id}`, 0, -1)).length).toBeLessThan(12);
  });
});

describe('F27: a volume that outlives its store', () => {
  const volume = (policy: string): RawObject => ({
    metadata: { name: 'pv-1' },
    spec: { claimRef: { namespace, name: 'store-database-data' }, persistentVolumeReclaimPolicy: policy },
    status: { phase: 'Released' },
  });
  const remove = async (): Promise<void> => {
    await world.makeReady(id);
    await world.api.apply(id, { type: 'DeletionRequested' });
    world.cluster.delete('namespaces', namespace);
    await world.worker.apply(id, { type: 'TeardownStarted', generation: 2 });
  };

  it('by policy does not hold the deletion up, is counted and not removed', async () => {
    world.startReconciler({ RESYNC_MS: '500' });
    world.cluster.put('persistentvolumes', volume('Retain'));
    await remove();
    await world.waitForStatus(id, 'none');
    await waitUntil(
      () => world.metric('urumi_reconciler_leftover_volumes'),
      (count) => count === 1,
    );
  });

  it('but is to be removed is waited for before the store is called gone', async () => {
    world.startReconciler();
    world.cluster.put('persistentvolumes', volume('Delete'));
    await remove();
    await waitUntil(
      () => world.cluster.requests.filter((request) => request.includes('/persistentvolumes/pv-1')).length,
      (reads) => reads > 1,
    );
    expect(await world.status(id)).not.toBe('none');
    world.cluster.delete('persistentvolumes', 'pv-1');
    await world.waitForStatus(id, 'none');
  });
});

describe('promise 8: a store that no worker takes up', () => {
  it('says what it waits for, and since when', async () => {
    world.startReconciler();
    await world.request(id);
    await waitUntil(() => world.doorbell.hasJob(id), Boolean);
    const { status, desired } = await world.record(id);
    expect([status.value, status.reason, status.since]).toEqual(['queued', 'AwaitingWorker', desired.requestedAt]);
  });
});

it('promise 12: a namespace that bears another installation’s mark is never called ours, nor gone', async () => {
  world.startReconciler();
  await world.makeReady(id);
  world.cluster.put('namespaces', rawNamespace('other123', undefined, 'somebody-else'));
  await awaitLooks();
  expect(await world.status('other123')).toBe('none');
});
