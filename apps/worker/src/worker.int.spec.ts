import { once } from 'node:events';
import { rename, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startsMax } from '@urumi/shared/domain/reduce';
import { parseStamp } from '@urumi/shared/k8s/stamp';
import { isRunning, openWorkerBench, type WorkerBench, type WorkerProcess } from './testing/worker-bench.ts';

let bench: WorkerBench;
let worker: WorkerProcess;
beforeAll(async () => {
  bench = await openWorkerBench();
  worker = await bench.startWorker();
});
afterAll(() => bench.close());

const namespaceOf = (id: string) => `/api/v1/namespaces/store-${id}`;
const isApplied = async (id: string) => {
  const { release, desired, attempt } = await bench.record(id);
  return release.generationApplied === desired.generation && attempt.step === 'ended';
};

describe('a create', () => {
  it('makes the namespace, the installer and one release, and ends', async () => {
    await bench.controlHelm({});
    const id = await bench.create();
    await bench.until('the store is applied', () => isApplied(id));

    const runs = await bench.helmRuns(id);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.args).toEqual([
      'store',
      'chart',
      '--install',
      `--namespace=store-${id}`,
      `--kube-as-user=system:serviceaccount:store-${id}:store-installer`,
      '--labels=urumi-generation=1,urumi-chart=9.9.9_test,urumi-revision=1',
      '--values=-',
      '--reset-values',
      '--server-side=true',
      '--force-conflicts',
      '--history-max=3',
      '--no-hooks',
      '--disable-openapi-validation',
      '--hide-notes',
    ]);
    expect(JSON.parse(runs[0]?.values ?? '')).toEqual({
      engine: 'medusa',
      host: `${id}.localhost`,
      size: 'S',
      shop: { name: `Shop ${id} {{ .Values }} --kubeconfig=x` },
      urumi: { storeId: id, generation: 1, setupRun: 1 },
    });

    const namespace = bench.cluster.get(namespaceOf(id));
    expect(namespace?.metadata.labels).toEqual({
      'urumi.dev/installation': 'urumi',
      'urumi.dev/store-id': id,
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
    });
    expect(parseStamp(namespace?.metadata.annotations?.['urumi.dev/wish'])).toMatchObject({
      identity: { id, owner: 'owner' },
      desired: { intent: 'present', generation: 1 },
      fence: 1,
    });
    const record = await bench.record(id);
    expect(record.release).toMatchObject({ namespaceUid: namespace?.metadata.uid, chartVersion: '9.9.9_test' });
    expect(record.status).toMatchObject({ value: 'provisioning', reason: 'AwaitingWorkloads' });
  });

  it('shows name, try, actions and result on the board', async () => {
    const id = await bench.create();
    await bench.until('the job is done', async () => (await bench.jobs(id))[0]?.returnvalue !== null);
    const [job] = await bench.jobs(id);
    expect(job?.name).toBe('create');
    expect(job?.returnvalue).toEqual({ result: 'applied', generation: 1, attempt: 1 });
    expect(job?.progress).toEqual({ state: 'applied', generation: 1, attempt: 1 });
    const { logs } = await bench.queue.getJobLogs(job?.id ?? '');
    expect(logs.join('\n')).toMatch(/start 1 for generation 1[^]*namespace: [^]*release: applied in/);
  });

  it('reads release Secrets as metadata alone, as the installer', () => {
    const reads = bench.cluster.calls.filter(
      ({ path, accept }) => path.endsWith('/secrets') && accept.includes('json;as='),
    );
    expect(reads.length).toBeGreaterThan(0);
    const own = bench.cluster.calls.filter(({ path, asUser }) => path.includes('/secrets') && asUser !== null);
    expect(own.every(({ accept, method }) => method !== 'GET' || accept.includes('as=PartialObjectMetadataList'))).toBe(
      true,
    );
  });

  it('is done at once where everything is there already', async () => {
    const id = await bench.create();
    await bench.until('the store is applied', () => isApplied(id));
    const { release } = await bench.record(id);
    const timeline = await bench.repository.readTimeline(id);
    await bench.ring(id);
    await bench.until(
      'a second job ran',
      async () => (await bench.jobs(id)).filter((job) => job.finishedOn).length === 2,
    );
    expect((await bench.record(id)).release).toEqual(release);
    expect(await bench.repository.readTimeline(id)).toEqual(timeline);
    expect(await bench.helmRuns(id)).toHaveLength(1);
  });

  it('gives up on a namespace that is not ours, and a delete leaves that alone', async () => {
    const id = await bench.create(false);
    bench.cluster.put('/api/v1/namespaces', { metadata: { name: `store-${id}` } });
    await bench.ring(id);
    await bench.until('it gave up', async () => (await bench.record(id)).status.reason === 'GaveUp');
    expect((await bench.record(id)).attempt.gaveUp?.code).toBe('namespace.foreign');

    await bench.wish(id, { type: 'DeletionRequested' });
    await bench.until('teardown is recorded', async () => (await bench.record(id)).release.teardownGeneration === 2);
    expect(bench.cluster.get(namespaceOf(id))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await bench.helmRuns(id)).toHaveLength(0);
  });
});

describe('a delete', () => {
  it('deletes the namespace by uid and records the teardown', async () => {
    const id = await bench.create();
    await bench.until('the store is applied', () => isApplied(id));
    bench.cluster.put(`/apis/apps/v1/namespaces/store-${id}/deployments`, { metadata: { name: 'store-server' } });
    await bench.wish(id, { type: 'DeletionRequested' });
    await bench.until('teardown is recorded', async () => (await bench.record(id)).release.teardownGeneration === 2);
    expect(bench.cluster.get(namespaceOf(id))?.metadata.deletionTimestamp).toBeDefined();
    expect(bench.cluster.list(`/apis/apps/v1/namespaces/store-${id}/deployments`)).toEqual([]);
  });

  it('goes on to the namespace where the cluster refuses to delete what is in it', async () => {
    const id = await bench.create();
    await bench.until('the store is applied', () => isApplied(id));
    bench.cluster.put(`/apis/apps/v1/namespaces/store-${id}/deployments`, { metadata: { name: 'store-server' } });
    bench.cluster.refuses = ({ method, path }) => method === 'DELETE' && path.includes('/deployments/');
    await bench.wish(id, { type: 'DeletionRequested' });
    await bench.until('teardown is recorded', async () => (await bench.record(id)).release.teardownGeneration === 2);
    bench.cluster.refuses = null;
    expect(bench.cluster.get(namespaceOf(id))?.metadata.deletionTimestamp).toBeDefined();
    expect(worker.output()).toContain('workloads are left to the namespace');
  });

  it('that arrives while helm runs ends helm and runs next', async () => {
    await bench.controlHelm({ delayMs: 30_000 });
    const id = await bench.create();
    await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
    const [run] = await bench.helmRuns(id);
    await bench.wish(id, { type: 'DeletionRequested' });
    await bench.until('teardown is recorded', async () => (await bench.record(id)).release.teardownGeneration === 2);
    expect(await isRunning(run?.pid ?? 0)).toBe(false);
    await bench.until('both jobs are done', async () => (await bench.jobs(id)).every((job) => job.finishedOn));
    const jobs = await bench.jobs(id);
    expect(jobs.map((job) => [job.name, job.returnvalue?.valueOf()])).toEqual([
      ['create', { result: 'superseded', generation: 1, attempt: 1 }],
      ['delete', { result: 'torn-down', generation: 2, attempt: 1 }],
    ]);
    await bench.controlHelm({});
  });
});

describe('a failure', () => {
  it('that cannot pass gives up at once and says why on the board', async () => {
    await bench.controlHelm({ exitCode: 1, stderr: 'Error: execution error at (a.yaml:1:1): gateway needs a name' });
    const id = await bench.create();
    await bench.until('it gave up', async () => (await bench.record(id)).status.reason === 'GaveUp');
    const { attempt } = await bench.record(id);
    expect(attempt.gaveUp).toMatchObject({
      code: 'helm.values-rejected',
      message: 'execution error at (a.yaml:1:1): gateway needs a name',
    });
    await bench.until('the job failed', async () => (await bench.jobs(id))[0]?.failedReason !== undefined);
    const [job] = await bench.jobs(id);
    expect(job?.failedReason).toBe('helm.values-rejected: execution error at (a.yaml:1:1): gateway needs a name');
    expect(await job?.getState()).toBe('failed');
  });

  it('that may pass is tried again after a while, for the price of a start', async () => {
    await bench.controlHelm({ exitCode: 1, stderr: 'Error: UPGRADE FAILED: something new' });
    const id = await bench.create();
    await bench.until('a failure is recorded', async () => (await bench.record(id)).attempt.lastFailure !== null);
    const { attempt, status } = await bench.record(id);
    expect(attempt).toMatchObject({
      startsUsed: 1,
      lastFailure: { code: 'helm.unclassified', message: 'something new' },
    });
    expect(status).toMatchObject({ value: 'provisioning', reason: 'Retrying' });
    await bench.controlHelm({});
    await bench.until('the store is applied', () => isApplied(id));
    expect(await bench.helmRuns(id)).toHaveLength(2);
  });

  it('a cluster that is not there is waited for without cost, and the store then appears by itself', async () => {
    await rename(bench.kubeconfig, `${bench.kubeconfig}.away`);
    bench.cluster.failWith = 500; // Ends the connection that the worker holds.
    const id = await bench.create();
    const code = async () => (await bench.record(id)).attempt.lastFailure?.code;
    await bench.until('the failure shows', async () => (await code()) === 'cluster.unreachable');
    const { attempt, status } = await bench.record(id);
    expect(attempt.startsUsed).toBe(0);
    expect(status).toMatchObject({ value: 'queued', reason: 'AwaitingCluster' });
    // A second look at the cluster that is still away moves nothing that people see.
    await bench.until('it was tried again', async () => (await bench.record(id)).attempt.fence > attempt.fence);
    expect((await bench.record(id)).status).toEqual(status);
    expect((await bench.repository.readTimeline(id)).map(({ type }) => type).sort()).toEqual([
      'AttemptFailed',
      'AttemptStarted',
      'StoreRequested',
    ]);
    bench.cluster.failWith = null;
    await rename(`${bench.kubeconfig}.away`, bench.kubeconfig);
    await bench.until('the store is applied', () => isApplied(id));
  });

  it('a job that ends its worker each time gives up after the last start', async () => {
    const id = await bench.create(false);
    for (let start = 1; start <= startsMax; start += 1) {
      expect(await bench.startAndDie(id)).toBe('held');
    }
    await bench.ring(id);
    await bench.until('it gave up', async () => (await bench.record(id)).status.reason === 'GaveUp');
    expect((await bench.record(id)).attempt.gaveUp?.code).toBe('store.starts-exhausted');
    expect(await bench.helmRuns(id)).toHaveLength(0);
  });

  it('a shut gate parks', async () => {
    const id = await bench.create(false);
    await bench.shutGate();
    await bench.ring(id);
    await bench.until('the job is parked', async () => (await (await bench.jobs(id))[0]?.getState()) === 'delayed');
    await bench.repository.openGate();
    await bench.until('the store is applied', () => isApplied(id));
  });
});

describe('the process', () => {
  it('logged neither values nor what helm printed', () => {
    expect(worker.output()).toContain('release: applied');
    expect(worker.output()).not.toMatch(/canary|kubeconfig=x/);
  });

  it('that is told to stop lets helm finish, and its jobs go to others', async () => {
    await bench.controlHelm({ delayMs: 1_500 });
    const id = await bench.create();
    await bench.until('helm runs', async () => (await bench.helmRuns(id)).length === 1);
    worker.child.kill('SIGTERM');
    const [code] = await once(worker.child, 'exit');
    expect(code).toBe(0);
    expect(await isApplied(id)).toBe(true);
    expect((await bench.jobs(id))[0]?.returnvalue).toMatchObject({ result: 'applied' });
  });

  it('with nothing to do stops without waiting out its patience and leaves nothing behind', async () => {
    const idle = await bench.startWorker();
    const before = (await readdir(bench.folder)).filter((name) => name.startsWith('urumi-worker-')).length;
    const startedAt = performance.now();
    idle.child.kill('SIGTERM');
    const [code] = await once(idle.child, 'exit');
    expect(code).toBe(0);
    // Half a second where nothing else runs; far below the 20 s that running attempts are given.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(idle.output()).not.toContain('a shutdown step failed');
    const after = (await readdir(bench.folder)).filter((name) => name.startsWith('urumi-worker-')).length;
    expect(after).toBe(before - 1);
  });

  it('stops soon even where Redis is gone before it', async () => {
    const left = await bench.startWorker();
    await bench.endRedis();
    const startedAt = performance.now();
    left.child.kill('SIGTERM');
    await once(left.child, 'exit');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
