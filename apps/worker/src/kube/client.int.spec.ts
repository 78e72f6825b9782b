import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildStamp, stampSchemaNumber, type Stamp } from '@urumi/shared/k8s/stamp';
import { emptyAttempt, emptyObserved, emptyRelease, type StoreRecord } from '@urumi/shared/domain/store';
import { FakeCluster } from '../testing/fake-cluster.ts';
import { Access } from './access.ts';
import { anyAnswer, KubeClient } from './client.ts';
import { Namespaces } from './namespaces.ts';

let cluster: FakeCluster;
let folder: string;
let client: KubeClient;
const { signal } = new AbortController();
beforeEach(async () => {
  cluster = await FakeCluster.start();
  folder = await mkdtemp(join(tmpdir(), 'urumi-client-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig);
  client = new KubeClient(join(folder, 'kubeconfig'));
});
afterEach(async () => {
  client.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const id = 'abcdefgh';
const path = `/api/v1/namespaces/store-${id}`;
const record: StoreRecord = {
  identity: { id, name: 'Shop', owner: 'o', engine: 'medusa', createdAt: 0 },
  desired: {
    intent: 'present',
    generation: 3,
    plan: 'S',
    host: 'abcdefgh.localhost',
    formerHosts: [],
    setupRun: 1,
    recreateAllowed: false,
    halted: false,
    requestedAt: 0,
  },
  attempt: emptyAttempt,
  release: emptyRelease,
  observed: emptyObserved,
  status: { value: 'queued', reason: 'AwaitingWorker', since: 0, settled: false },
};
const stampOf = (generation: number, fence: number): Stamp =>
  buildStamp({ ...record, desired: { ...record.desired, generation } }, fence);

describe('a call', () => {
  const call = () => client.request({ method: 'GET', path, answer: anyAnswer, signal });

  it.each([
    [401, 'cluster.unreachable'],
    [429, 'cluster.busy'],
    [500, 'cluster.unreachable'],
    [503, 'cluster.unreachable'],
  ])('answered %i waits: %s', async (status, code) => {
    cluster.failWith = status;
    await expect(call()).rejects.toMatchObject({ code, kind: 'unavailable' });
  });

  it.each([403, 404, 409, 422])('answered %i is the caller’s to judge', async (status) => {
    cluster.failWith = status;
    await expect(call()).rejects.toMatchObject({ name: 'KubeStatusError', status });
  });

  it('finds the cluster that appears after the first try, at a new address', async () => {
    const elsewhere = new KubeClient(join(folder, 'later'));
    const ask = () => elsewhere.request({ method: 'GET', path, answer: anyAnswer, signal });
    await expect(ask()).rejects.toMatchObject({ code: 'cluster.unreachable', message: 'The cluster is not there yet' });
    await writeFile(join(folder, 'later'), cluster.kubeconfig.replace(cluster.url, 'http://127.0.0.1:1'));
    await expect(ask()).rejects.toMatchObject({
      code: 'cluster.unreachable',
      message: 'The cluster does not answer yet',
    });
    await writeFile(join(folder, 'later'), cluster.kubeconfig);
    await expect(ask()).rejects.toMatchObject({ status: 404 });
    elsewhere.close();
  });

  it('ends with the attempt', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(client.request({ method: 'GET', path, answer: anyAnswer, signal: stop.signal })).rejects.toThrow(
      'stopped',
    );
    expect(cluster.calls).toHaveLength(0);
  });
});

describe('a namespace', () => {
  const namespaces = () => new Namespaces(client, 'urumi');
  const read = () => namespaces().read(record.identity, signal);

  it('is made with its stamp and read back', async () => {
    const uid = await namespaces().ensure(stampOf(3, 7), signal);
    expect(await read()).toEqual({ state: 'ours', uid, terminating: false, stamp: stampOf(3, 7) });
  });

  it.each([
    ['an older wish', 2, 5],
    ['an earlier attempt', 3, 6],
    ['itself', 3, 7],
  ])('stamped with %s gets the new stamp', async (_name, generation, fence) => {
    await namespaces().ensure(stampOf(generation, fence), signal);
    await namespaces().ensure(stampOf(3, 7), signal);
    expect(await read()).toMatchObject({ stamp: stampOf(3, 7) });
  });

  it.each([
    ['a newer wish', 4, 1],
    ['a later attempt', 3, 8],
    ['an older wish of a later attempt', 2, 8],
  ])('stamped with %s keeps its stamp', async (_name, generation, fence) => {
    await namespaces().ensure(stampOf(generation, fence), signal);
    await expect(namespaces().ensure(stampOf(3, 7), signal)).rejects.toMatchObject({ code: 'cluster.busy' });
    expect(await read()).toMatchObject({ stamp: stampOf(generation, fence) });
  });

  it.each([
    ['no labels', {}],
    ['another installation', { 'urumi.dev/installation': 'other', 'urumi.dev/store-id': id }],
    ['another store', { 'urumi.dev/installation': 'urumi', 'urumi.dev/store-id': 'other' }],
  ])('with %s is foreign and stays as it is', async (_name, labels) => {
    const made = cluster.put('/api/v1/namespaces', { metadata: { name: `store-${id}`, labels } });
    expect(await read()).toEqual({ state: 'foreign' });
    await expect(namespaces().ensure(stampOf(3, 7), signal)).rejects.toMatchObject({ code: 'namespace.foreign' });
    expect(cluster.get(path)).toEqual(made);
  });

  it('stamped for another owner is foreign', async () => {
    const other = { ...stampOf(3, 7), identity: { ...record.identity, owner: 'other' } };
    await namespaces().ensure(other, signal);
    expect(await read()).toEqual({ state: 'foreign' });
  });

  it('stamped by a newer release of this software is left to that', async () => {
    const labels = { 'urumi.dev/installation': 'urumi', 'urumi.dev/store-id': id };
    const annotations = { 'urumi.dev/wish': JSON.stringify({ v: stampSchemaNumber + 1, shape: 'new' }) };
    cluster.put('/api/v1/namespaces', { metadata: { name: `store-${id}`, labels, annotations } });
    await expect(read()).rejects.toMatchObject({ code: 'record.schema-newer', kind: 'unavailable' });
  });

  it('is deleted by uid only', async () => {
    const uid = await namespaces().ensure(stampOf(3, 7), signal);
    await namespaces().delete(id, 'another-uid', signal);
    expect(await read()).toMatchObject({ terminating: false });
    await namespaces().delete(id, uid, signal);
    expect(await read()).toMatchObject({ terminating: true });
    cluster.finishNamespace(`store-${id}`);
    await namespaces().delete(id, uid, signal);
    expect(await read()).toEqual({ state: 'missing' });
  });
});

describe('access', () => {
  it('makes the account without a token and binds exactly the two roles, the installer last', async () => {
    await new Access(client, 'system:serviceaccount:platform:urumi-api').ensure(id, signal);
    expect(cluster.get(`${path}/serviceaccounts/store-installer`)).toMatchObject({
      automountServiceAccountToken: false,
    });
    const bindings = cluster.list(`/apis/rbac.authorization.k8s.io/v1/namespaces/store-${id}/rolebindings`);
    expect(bindings).toMatchObject([
      {
        metadata: { name: 'store-admin-reader' },
        roleRef: { kind: 'ClusterRole', name: 'urumi-store-admin-reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'urumi-api', namespace: 'platform' }],
      },
      {
        metadata: { name: 'store-installer' },
        roleRef: { kind: 'ClusterRole', name: 'urumi-store-installer' },
        subjects: [{ kind: 'ServiceAccount', name: 'store-installer', namespace: `store-${id}` }],
      },
    ]);
  });

  it('may be ensured again', async () => {
    const access = new Access(client, 'urumi:api');
    await access.ensure(id, signal);
    await access.ensure(id, signal);
    expect(await access.isGranted(id, signal)).toBe(true);
  });
});
