import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildRecord, toStampText } from './testing/records.ts';
import { complete, rawJob, rawNamespace, rawPod, rawWorkload } from './testing/objects.ts';
import { waitUntil } from './testing/wait-until.ts';
import { World } from './testing/world.ts';

const id = 'abcd1234';

let redis: TestRedis;
let world: World;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  world = new World(redis);
});
afterEach(() => world.close());

describe('a store', () => {
  it('becomes ready when, and only when, its workloads stand, setup is done and its page shows a product', async () => {
    await world.open();
    world.startReconciler();
    world.pages.set(id, 'empty');
    await world.request(id);
    expect(await world.status(id)).toBe('queued AwaitingWorker');
    await world.apply(id);
    await world.waitForStatus(id, 'provisioning AwaitingWorkloads');
    world.cluster.put('statefulsets', rawWorkload(id, 'database'));
    await world.waitForStatus(id, 'provisioning AwaitingSetup');
    world.cluster.put('jobs', rawJob(id, complete));
    await world.waitForStatus(id, 'provisioning AwaitingWorkloads');
    for (const component of ['server', 'storefront']) world.cluster.put('deployments', rawWorkload(id, component));
    await world.waitForStatus(id, 'provisioning AwaitingPage');
    world.pages.set(id, 'shop');
    await world.waitForStatus(id, 'ready Healthy');
    const { observed, status } = await world.record(id);
    expect([status.settled, observed.served, observed.setupDone]).toEqual([true, true, true]);
    expect(Object.keys(observed.componentReadyAt).toSorted()).toEqual([
      'database',
      'page',
      'server',
      'setup',
      'storefront',
    ]);
  });

  it('stays ready within the grace, is degraded after it, and recovers', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    world.cluster.put('deployments', rawWorkload(id, 'server', { available: 0 }));
    await waitUntil(
      () => world.record(id),
      ({ observed }) => observed.verdict === 'unhealthy',
    );
    const { observed, status } = await world.record(id);
    expect([status.value, status.reason, observed.reason]).toEqual([
      'ready',
      'WorkloadUnavailable',
      'WorkloadUnavailable',
    ]);
    // A minute passes: as if it had begun that long ago.
    const longAgo = { ...observed, unhealthySince: (observed.unhealthySince ?? 0) - 60_000 };
    await world.redis.hset(`urumi:store:${id}`, 'observed', JSON.stringify(longAgo));
    await world.waitForStatus(id, 'degraded WorkloadUnavailable');
    world.cluster.put('deployments', rawWorkload(id, 'server'));
    await world.waitForStatus(id, 'ready Healthy');
  });

  it('whose image cannot be pulled says so at once, and has failed at the deadline', async () => {
    await world.open();
    world.startReconciler({ PROVISIONING_DEADLINE_MS: '1500', WATCH_GRACE_MS: '500' });
    const container = {
      name: 'database',
      ready: false,
      state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } },
    };
    const pod = rawPod(id, 'database', 'store-database-0', { phase: 'Pending', containerStatuses: [container] });
    world.cluster.put('pods', pod);
    world.cluster.put('events', {
      metadata: { name: 'e1', namespace: `store-${id}` },
      involvedObject: { kind: 'Pod', name: 'store-database-0' },
      reason: 'Failed',
      message: 'Error: ErrImagePull password=hunter2',
    });
    await world.request(id);
    await world.apply(id);
    await world.waitForStatus(id, 'provisioning ImagePullFailing');
    expect((await world.record(id)).observed).toMatchObject({
      verdict: 'hindered',
      explanation: {
        object: 'Pod store-database-0',
        message: 'image shop/database:1 cannot be pulled',
        events: ['Pod store-database-0: Failed: Error: ErrImagePull password=[hidden]'],
      },
    });
    await world.waitForStatus(id, 'failed ImagePullFailing');
    expect((await world.record(id)).observed.deadlineGeneration).toBe(1);
  });

  it('whose setup failed has failed, with the end of its log', async () => {
    await world.open();
    world.startReconciler();
    const terminated = { name: 'setup', state: { terminated: { exitCode: 42, reason: 'Error' } } };
    world.cluster.put(
      'pods',
      rawPod(id, 'setup', 'store-setup-1-0a1b2c3d-x', { phase: 'Failed', containerStatuses: [terminated] }),
    );
    world.cluster.logs.set('store-setup-1-0a1b2c3d-x/setup', 'reading settings\nbad currency: XXX\n');
    await world.request(id);
    await world.apply(id);
    world.cluster.put('jobs', rawJob(id, [{ type: 'Failed', status: 'True', reason: 'PodFailurePolicy' }]));
    await world.waitForStatus(id, 'failed SetupFailed');
    expect((await world.record(id)).observed.explanation?.logLines).toEqual(['reading settings', 'bad currency: XXX']);
  });

  it('that comes filled is ready with its page, without a setup Job and within 250 ms of the last evidence', async () => {
    await world.open();
    world.startReconciler({ PROBE_UNSETTLED_MS: '500' });
    await world.request(id, 'woocommerce');
    await world.applyFilled(id);
    await world.waitForStatus(id, 'provisioning AwaitingWorkloads');
    world.cluster.put('statefulsets', rawWorkload(id, 'database'));
    await waitUntil(
      () => world.record(id),
      ({ observed }) => observed.components.find(({ name }) => name === 'database')?.state === 'ready',
    );
    expect(await world.status(id)).toBe('provisioning AwaitingWorkloads');
    world.pages.set(id, 503);
    world.cluster.put('deployments', rawWorkload(id, 'web', { setup: 'template' }));
    await world.waitForStatus(id, 'provisioning AwaitingPage');
    const { observed } = await world.record(id);
    expect(observed.components.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'database ready',
      'web ready',
      'setup waiting',
      'page waiting',
    ]);
    const began = performance.now();
    world.pages.set(id, 'shop');
    await world.waitForStatus(id, 'ready Healthy');
    expect(performance.now() - began).toBeLessThan(250);
    expect((await world.record(id)).observed.setupDone).toBe(true);
    expect(world.cluster.requests.filter((request) => request.includes(`/store-${id}/jobs`))).toEqual([]);
  });

  it('whose web names a refused password says so, and goes on when it is mended', async () => {
    await world.open();
    world.startReconciler();
    await world.request(id, 'woocommerce');
    await world.applyFilled(id);
    world.cluster.put('statefulsets', rawWorkload(id, 'database'));
    world.cluster.put('deployments', rawWorkload(id, 'web', { setup: 'template' }));
    await world.waitForStatus(id, 'ready Healthy');
    const sentence = 'The database refuses the password. Give it the one of the Secret again.';
    world.cluster.logs.set('store-web-x/web', `starting\nurumi: cause=PasswordRefused: ${sentence}\nwaiting\n`);
    const running = { name: 'web', ready: false, state: { running: {} } };
    world.cluster.put('pods', rawPod(id, 'web', 'store-web-x', { phase: 'Running', containerStatuses: [running] }));
    world.cluster.put('deployments', rawWorkload(id, 'web', { setup: 'template', available: 0 }));
    await world.waitForStatus(id, 'ready DatabaseRefused');
    const { observed } = await world.record(id);
    expect(observed.explanation).toMatchObject({ message: sentence, logLines: ['starting', 'waiting'] });
    expect(observed.components.find(({ name }) => name === 'web')).toMatchObject({
      state: 'failing',
      detail: sentence,
    });
    world.cluster.put('deployments', rawWorkload(id, 'web', { setup: 'template' }));
    await world.waitForStatus(id, 'ready Healthy');
  });

  it('whose database ends with a full volume says so while it is made', async () => {
    await world.open();
    world.startReconciler();
    const looping = { name: 'database', ready: false, state: { waiting: { reason: 'CrashLoopBackOff', message: '' } } };
    world.cluster.put(
      'pods',
      rawPod(id, 'database', 'store-database-0', { phase: 'Running', containerStatuses: [looping] }),
    );
    world.cluster.logs.set('store-database-0/database', 'urumi: cause=VolumeFull: The volume has no room left.\n');
    await world.request(id, 'woocommerce');
    await world.applyFilled(id);
    await world.waitForStatus(id, 'provisioning VolumeFull');
    expect((await world.record(id)).observed.explanation?.message).toBe('The volume has no room left.');
  });

  it('whose setup names its cause has failed with that sentence', async () => {
    await world.open();
    world.startReconciler();
    const terminated = { name: 'setup', state: { terminated: { exitCode: 42, reason: 'Error' } } };
    world.cluster.put(
      'pods',
      rawPod(id, 'setup', 'store-setup-1-0a1b2c3d-x', { phase: 'Failed', containerStatuses: [terminated] }),
    );
    const sentence = 'products.csv, line 7: the price is no number. Correct the row, then try again.';
    world.cluster.logs.set('store-setup-1-0a1b2c3d-x/setup', `reading\nurumi: cause=InputBad: ${sentence}\n`);
    await world.request(id);
    await world.apply(id);
    world.cluster.put('jobs', rawJob(id, [{ type: 'Failed', status: 'True', reason: 'PodFailurePolicy' }]));
    await world.waitForStatus(id, 'failed SetupFailed');
    expect((await world.record(id)).observed.explanation).toMatchObject({ message: sentence, logLines: ['reading'] });
  });

  it('whose namespace was removed by hand has failed, but not on the word of a watch', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    world.cluster.denyToWatches('namespaces', `store-${id}`);
    await waitUntil(
      () => world.cluster.requests.filter((request) => request === `GET /api/v1/namespaces/store-${id}`).length,
      (reads) => reads > 0,
    );
    expect(await world.status(id)).toBe('ready Healthy');
    world.cluster.delete('namespaces', `store-${id}`);
    await world.waitForStatus(id, 'failed NamespaceLost');
  });
});

describe('a deletion', () => {
  it('is done when a direct read finds no namespace, and names what is in its way before that', async () => {
    await world.open();
    world.startReconciler({ TEARDOWN_STALLED_MS: '800' });
    await world.makeReady(id);
    await world.api.apply(id, { type: 'DeletionRequested' });
    await world.waitForStatus(id, 'deleting AwaitingWorker');
    const namespace = rawNamespace(id);
    const message = 'Some resources are remaining: configmaps. has 1 resource instances';
    world.cluster.put('configmaps', {
      metadata: { name: 'kept', namespace: `store-${id}`, finalizers: ['example.com/hold'] },
    });
    world.cluster.put('namespaces', {
      metadata: { ...namespace.metadata, deletionTimestamp: '2026-11-01T10:00:00Z' },
      status: { conditions: [{ type: 'NamespaceContentRemaining', status: 'True', message }] },
    });
    await world.worker.apply(id, { type: 'TeardownStarted', generation: 2 });
    await world.waitForStatus(id, 'deleting TearingDown');
    await world.waitForStatus(id, 'deleting NamespaceStuckTerminating');
    expect((await world.record(id)).observed.explanation?.object).toBe('configmaps/kept');
    world.cluster.delete('namespaces', `store-${id}`);
    await world.waitForStatus(id, 'none');
    expect(await world.repository.readTombstone(id)).toMatchObject({ identity: { id }, generation: 2 });
  });

  it('of a store that never had a namespace is done too', async () => {
    await world.open();
    world.startReconciler();
    await world.request(id);
    await world.api.apply(id, { type: 'DeletionRequested' });
    await world.worker.apply(id, { type: 'TeardownStarted', generation: 2 });
    await world.waitForStatus(id, 'none');
  });

  it('whose namespace lives on after its teardown is rung for again', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    await world.api.apply(id, { type: 'DeletionRequested' });
    await world.worker.apply(id, { type: 'TeardownStarted', generation: 2 });
    await waitUntil(() => world.doorbell.hasJob(id), Boolean);
  });
});

describe('without contact', () => {
  it('to the cluster nothing is concluded, and full passes stop', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null,
    );
    world.cluster.refuseWith = 503;
    world.cluster.breakWatches('reset');
    await waitUntil(
      () => world.metric('urumi_reconciler_looks_total', { result: 'no-contact' }),
      (looks) => looks > 0,
    );
    const before = await world.record(id);
    const lastPass = await world.repository.readLastPass();
    world.pages.set(id, 503);
    const looks = await world.metric('urumi_reconciler_looks_total', { result: 'no-contact' });
    await waitUntil(
      () => world.metric('urumi_reconciler_looks_total', { result: 'no-contact' }),
      (seen) => seen >= looks + 3,
    );
    expect(await world.record(id)).toEqual(before);
    expect(await world.repository.readLastPass()).toBe(lastPass);
    world.pages.delete(id);
    world.cluster.refuseWith = null;
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== lastPass,
    );
    expect(await world.status(id)).toBe('ready Healthy');
  });

  it('to the ingress every status holds, and the route is named', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    const before = await world.record(id);
    await world.closeIngress();
    await waitUntil(
      () => world.metric('urumi_reconciler_looks_total', { result: 'held' }),
      (held) => held > 1,
    );
    await waitUntil(
      () => world.metric('urumi_reconciler_route_at_fault'),
      (value) => value === 1,
    );
    expect(await world.record(id)).toEqual(before);
    const since = await waitUntil(
      () => world.repository.readRouteFault(),
      (at) => at !== null,
    );
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null && since !== null && at > since,
      { what: 'a further full pass' },
    );
    expect(await world.repository.readRouteFault()).toBe(since);
    await world.openIngress();
    await waitUntil(
      () => world.metric('urumi_reconciler_route_at_fault'),
      (value) => value === 0,
    );
    await waitUntil(
      () => world.repository.readRouteFault(),
      (at) => at === null,
    );
  });

  it('to Redis it waits and goes on', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    await redis.kill();
    world.cluster.put('deployments', rawWorkload(id, 'server', { available: 0 }));
    await redis.restart();
    await waitUntil(
      () => world.record(id).catch(() => null),
      (record) => record?.observed.verdict === 'unhealthy',
      { timeoutMs: 15_000 },
    );
  });
});

describe('the sweep', () => {
  it('rings for a store whose ring was lost', async () => {
    await world.open();
    world.startReconciler();
    await world.request(id);
    await waitUntil(() => world.doorbell.hasJob(id), Boolean, { timeoutMs: 2_000 });
    // Counted once the sweep has ended.
    await waitUntil(() => world.metric('urumi_reconciler_rings_total'), Boolean, { timeoutMs: 2_000 });
    expect(await world.metric('urumi_reconciler_rings_total')).toBe(1);
  });

  it('rings although the key of a lost job is left', async () => {
    await world.open();
    await world.request(id);
    const ring = () =>
      world.doorbell.ring({ storeId: id, generation: 1, intent: 'present', owner: 'admin', traceId: 't' }, 'sweep');
    await ring();
    // The job is in no list any more, its hash and its deduplication key are left: BullMQ swallows every further ring.
    await world.redis.del('urumi:bull:stores:prioritized');
    await ring();
    expect(await world.doorbell.hasJob(id)).toBe(false);
    world.startReconciler();
    await waitUntil(() => world.doorbell.hasJob(id), Boolean, { timeoutMs: 2_000 });
  });

  it('does not ring while an attempt runs', async () => {
    await world.open();
    await world.request(id);
    await world.redis.set(`urumi:lease:${id}`, '1');
    world.startReconciler();
    await waitUntil(
      () => world.repository.readLastPass(),
      (at) => at !== null,
    );
    expect(await world.doorbell.hasJob(id)).toBe(false);
    await world.redis.del(`urumi:lease:${id}`);
    await waitUntil(() => world.doorbell.hasJob(id), Boolean, { timeoutMs: 2_000 });
  });
});

describe('an empty Redis', () => {
  it('is filled from the stamps before the gate opens, and unfinished work is rung for', async () => {
    await world.open({ gate: false });
    const going = 'gone1234';
    world.cluster.put('namespaces', rawNamespace(id, toStampText(buildRecord({}, 1_000, id), 7)));
    const terminating = rawNamespace(going, toStampText(buildRecord({}, 1_000, going), 2));
    terminating.metadata['deletionTimestamp'] = '2026-11-01T10:00:00Z';
    world.cluster.put('namespaces', terminating);
    world.cluster.put(
      'namespaces',
      rawNamespace('other123', toStampText(buildRecord({}, 1_000, 'other123')), 'another-one'),
    );
    world.startReconciler();
    await waitUntil(() => world.repository.isGateOpen(), Boolean);
    expect((await world.repository.listIds()).toSorted()).toEqual([id, going].toSorted());
    expect((await world.record(id)).attempt.fence).toBe(7);
    expect((await world.record(going)).desired).toMatchObject({ intent: 'absent', generation: 2 });
    await waitUntil(() => world.doorbell.hasJob(id), Boolean);
    await waitUntil(() => world.doorbell.hasJob(going), Boolean);
    const names = await world.redis.hgetall('urumi:names:admin');
    expect(Object.values(names).toSorted()).toEqual([id, going].toSorted());
  });

  it('in the middle of work gets the same stores back, with fences that go on', async () => {
    await world.open();
    world.startReconciler();
    await world.makeReady(id);
    const record = await world.record(id);
    const namespace = rawNamespace(id, toStampText(record, record.attempt.fence));
    world.cluster.put('namespaces', namespace);
    await world.redis.flushall();
    await world.waitForStatus(id, 'queued AwaitingWorker');
    await waitUntil(() => world.repository.isGateOpen(), Boolean);
    expect((await world.record(id)).attempt.fence).toBe(record.attempt.fence);
    // The worker finds the release of this generation in place and says so; the evidence is there already.
    await world.worker.apply(id, { type: 'AttemptStarted', fence: record.attempt.fence + 1, generation: 1 });
    await world.worker.apply(id, { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 });
    await world.waitForStatus(id, 'ready Healthy');
  });
});
