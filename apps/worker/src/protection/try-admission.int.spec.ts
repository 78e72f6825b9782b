import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KubeClient } from '../kube/client.ts';
import { FakeCluster } from '../testing/fake-cluster.ts';
import { tryAdmission } from './try-admission.ts';

let cluster: FakeCluster;
let folder: string;
let client: KubeClient;
beforeAll(async () => {
  cluster = await FakeCluster.start();
  folder = await mkdtemp(join(tmpdir(), 'urumi-admission-'));
  await writeFile(join(folder, 'kubeconfig'), cluster.kubeconfig);
  client = new KubeClient(join(folder, 'kubeconfig'));
});
afterAll(async () => {
  client.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const attempt = () => tryAdmission(client, 'urumi', new AbortController().signal);

it('is enforced where the policy refuses, missing where the namespace is taken, and nothing is made', async () => {
  expect((await attempt()).enforcement).toBe('enforced');
  cluster.isGuarded = false;
  expect((await attempt()).enforcement).toBe('missing');
  expect(cluster.list('/api/v1/namespaces')).toEqual([]);
});

it('proves nothing where another refuses', async () => {
  cluster.failWith = 403;
  expect(await attempt()).toEqual({ enforcement: 'unknown', told: 'InternalError (fake)' });
  cluster.failWith = null;
});
