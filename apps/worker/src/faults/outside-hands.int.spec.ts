/** People who work on a store's namespace and release beside the worker. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { healthy } from '@urumi/shared/testing/records';
import { openWorkerBench, type WorkerBench } from '../testing/worker-bench.ts';

let bench: WorkerBench;

beforeAll(async () => {
  bench = await openWorkerBench();
  await bench.startWorker();
});
afterAll(() => bench.close());
beforeEach(() => bench.controlHelm({}));

const secretsOf = (id: string) => `/api/v1/namespaces/store-${id}/secrets`;
const namespaceOf = (id: string) => `/api/v1/namespaces/store-${id}`;
const bindingOf = (id: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/store-${id}/rolebindings`;
const statusesOf = (id: string) => bench.cluster.list(secretsOf(id)).map(({ metadata }) => metadata.labels?.['status']);

async function createApplied(): Promise<string> {
  const id = await bench.create();
  await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 1);
  await bench.until('its job is done', async () => (await bench.jobs(id))[0]?.finishedOn !== undefined);
  return id;
}

/** As helm does it, which carries our labels on. */
function installByHand(id: string, status: string): void {
  const held = bench.cluster.list(secretsOf(id)).at(-1)?.metadata.labels ?? {};
  const version = String(Number(held['version'] ?? '0') + 1);
  const labels = { ...held, owner: 'helm', name: 'store', version, status };
  bench.cluster.put(secretsOf(id), { metadata: { name: `sh.helm.release.v1.store.v${version}`, labels } });
}

it('a revision that somebody installed by hand is applied over', async () => {
  const id = await createApplied();
  installByHand(id, 'deployed');
  await bench.ring(id);
  await bench.until('helm ran again', async () => (await bench.helmRuns(id)).length === 2);
  await bench.until('its jobs are done', async () => (await bench.jobs(id)).every((job) => job.finishedOn));
  expect(statusesOf(id)).toEqual(['deployed', 'deployed', 'deployed']);
  await bench.ring(id);
  await bench.until(
    'its jobs are done',
    async () => (await bench.jobs(id)).filter((job) => job.finishedOn).length === 3,
  );
  expect(await bench.helmRuns(id)).toHaveLength(2);
});

it('F19: a revision that was left pending by hand is unlocked by whoever holds the lease, and nobody else', async () => {
  const id = await createApplied();
  installByHand(id, 'pending-upgrade');
  await bench.wish(id, { type: 'ChangeRequested', plan: 'M' });
  await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 2);
  expect(statusesOf(id)).toEqual(['deployed', 'deployed']);
  // Without a ring there is no lease, and so nobody who may touch it.
  installByHand(id, 'pending-upgrade');
  const seen = bench.cluster.calls.length;
  await bench.until('another store was worked on', async () => (await createApplied()) !== '');
  expect(bench.cluster.calls.slice(seen).filter(({ path }) => path.includes(id))).toEqual([]);
  expect(statusesOf(id)).toEqual(['deployed', 'deployed', 'pending-upgrade']);
});

it('a run by hand between our run and the look at it costs a try, and is applied over', async () => {
  await bench.controlHelm({ delayMs: 1_500 });
  const id = await bench.create();
  await bench.until('helm runs', async () => statusesOf(id).length === 1);
  // Ours will end as revision 1, below this.
  installByHand(id, 'deployed');
  await bench.until(
    'it is named',
    async () => (await bench.record(id)).attempt.lastFailure?.code === 'helm.release-changed',
  );
  expect((await bench.record(id)).status).toMatchObject({ value: 'provisioning', reason: 'Retrying' });
  await bench.until('it is applied', async () => (await bench.record(id)).release.generationApplied === 1);
});

it('F21: a namespace that another installation stamped is left alone, by a create and by a deletion', async () => {
  const id = await bench.create(false);
  const labels = { 'urumi.dev/installation': 'other', 'urumi.dev/store-id': id };
  const theirs = bench.cluster.put('/api/v1/namespaces', { metadata: { name: `store-${id}`, labels } });
  await bench.ring(id);
  await bench.until('it gave up', async () => (await bench.record(id)).attempt.gaveUp?.code === 'namespace.foreign');
  await bench.wish(id, { type: 'DeletionRequested' });
  await bench.until('teardown is recorded', async () => (await bench.record(id)).release.teardownGeneration === 2);
  expect(bench.cluster.get(namespaceOf(id))).toEqual(theirs);
  expect(await bench.helmRuns(id)).toEqual([]);
});

it('F41: a drift is answered whole: marks of the namespace, bindings and release', async () => {
  const id = await createApplied();
  const namespace = bench.cluster.get(namespaceOf(id));
  const binding = bench.cluster.get(`${bindingOf(id)}/store-admin-reader`);
  if (!namespace || !binding) throw new Error('the store is not there');
  const loosened = { ...namespace.metadata.labels, 'pod-security.kubernetes.io/enforce': 'privileged' };
  bench.cluster.put('/api/v1/namespaces', { ...namespace, metadata: { ...namespace.metadata, labels: loosened } });
  bench.cluster.put(bindingOf(id), { ...binding, subjects: [{ kind: 'Group', name: 'system:authenticated' }] });
  const seen = healthy(1);
  if (seen.type !== 'HealthObserved') throw new Error('no evidence');
  await bench.observe(id, { ...seen, drift: true });
  await bench.ring(id);
  await bench.until('it is answered', async () => (await bench.record(id)).release.driftAnswered === 1);
  expect(bench.cluster.get(namespaceOf(id))?.metadata.labels).toEqual(namespace.metadata.labels);
  expect(bench.cluster.get(`${bindingOf(id)}/store-admin-reader`)?.['subjects']).toEqual(binding['subjects']);
  expect(await bench.helmRuns(id)).toHaveLength(2);
});

it('a cancellation while helm runs ends helm, and leaves nothing pending', async () => {
  for (const announced of [true, false]) {
    await bench.controlHelm({ delayMs: 30_000, ignoresSigterm: !announced });
    const id = await bench.create();
    await bench.until('helm runs', () => statusesOf(id).length === 1);
    const cancelledAt = performance.now();
    await bench.wish(id, { type: 'CancelRequested' }, announced);
    await bench.until(
      'it is said',
      async () => (await bench.record(id)).attempt.gaveUp?.code === 'store.cancelled',
      20_000,
    );
    // A deaf helm is given its ten seconds.
    expect(performance.now() - cancelledAt).toBeLessThan(announced ? 4_000 : 16_000);
    expect(statusesOf(id).filter((status) => status?.startsWith('pending'))).toEqual([]);
    expect((await bench.record(id)).status).toMatchObject({ value: 'failed', reason: 'Halted', settled: true });
  }
}, 60_000);
