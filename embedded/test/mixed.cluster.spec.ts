/** A real node with simulated ones beside it: each pod runs where it asks to, and neither kind is in the other's way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { waitUntil } from '../src/base/wait.ts';
import { SIMULATED_RANGE } from '../src/cluster/addresses.ts';
import { readStatus } from '../src/cluster/status.ts';
import { type Cluster, up } from '../src/cluster/up.ts';
import { PAUSE_PROGRAM } from '../src/node/pause-image.ts';
import { SIMULATED_LABEL } from '../src/simulated/nodes.ts';
import { findTraces } from '../src/testing/traces.ts';
import { inShop, makeShop, visit } from './support/shop.ts';

const request = { name: 'spec-mix', storage: 'memory', nodes: 'mixed', apiPort: 0, ingressPort: 0 } as const;
const { key, value } = SIMULATED_LABEL;
const SELECTED = { nodeSelector: { [key]: value } };
const TOLERATED = { tolerations: [{ key, operator: 'Exists', effect: 'NoSchedule' }] };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await up(request);
  await Promise.all([makeShop(cluster, 'real', 'a real page'), makePretender('pretended')]);
}, 120_000);
afterAll(async () => {
  await cluster?.down();
  expect(findTraces(request.name)).toEqual([]);
});

interface Pod {
  spec: { nodeName?: string };
  status: {
    podIP: string;
    containerStatuses?: { containerID?: string; restartCount: number }[];
    conditions: { type: string; status: string; reason?: string }[];
  };
}

const read = async <T>(...args: string[]): Promise<T> =>
  JSON.parse((await cluster.kubectl(['get', ...args, '--output', 'json'])).stdout) as T;
const readPod = (namespace: string, name = 'web') => read<Pod>('pod', name, '--namespace', namespace);
const apply = (...items: object[]) =>
  cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
const pod = (namespace: string, name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'localhost/urumi/nowhere:1' }], ...spec },
});

/** The same objects as a real shop, with an image that nobody has. */
async function makePretender(namespace: string): Promise<void> {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const paths = [{ path: '/', pathType: 'Prefix', backend }];
  await apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', namespace },
      spec: { rules: [{ host: `${namespace}.localhost`, http: { paths } }] },
    },
    pod(namespace, 'web', { ...SELECTED, ...TOLERATED, volumes }),
  );
  await cluster.kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/web', '--timeout=20s']);
}

describe('a cluster with mixed nodes', () => {
  it('says so, has an ingress, and keeps its kind', async () => {
    const url = `http://127.0.0.1:${cluster.ingress.port}`;
    expect(await readStatus(request)).toMatchObject({ phase: 'running', nodes: 'mixed', ingressUrl: url });
    await expect(up({ ...request, nodes: 'real' })).rejects.toThrow('runs with mixed nodes');
  });

  it('runs a pod that asks for nothing in a container, on the real node, with its volume', async () => {
    const { spec, status } = await readPod('real');
    expect(spec.nodeName).toBe('node1');
    expect(status.containerStatuses).toMatchObject([
      { containerID: expect.stringMatching('^containerd://') as string, restartCount: 0 },
    ]);
    expect(await inShop(cluster, 'real', 'cat', '/data/index.html')).toBe('a real page\n');
    expect(await inShop(cluster, 'real', 'nslookup', 'web.real.svc.cluster.local')).toContain('10.96.');
    await waitUntil({
      what: 'the page by the ingress',
      timeoutMs: 10_000,
      check: async () => (await visit(cluster, 'real')) === 'a real page',
    });
  });

  it('pretends to run a pod that selects and tolerates, with its volume, at an address that nobody has', async () => {
    const { spec, status } = await readPod('pretended');
    expect(spec.nodeName).toMatch(/^simulated-\d$/);
    expect(status.containerStatuses?.[0]?.containerID).toBeUndefined();
    const [first, second] = SIMULATED_RANGE.split('.');
    expect(status.podIP).toMatch(new RegExp(`^${first}\\.${second}\\.`));
    const claim = await read<{ status: { phase: string } }>('pvc', 'data', '--namespace', 'pretended');
    expect(claim.status.phase).toBe('Bound');
    const since = performance.now();
    expect(await visit(cluster, 'pretended')).toBe('status 502');
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  it('lets nobody onto a simulated node who does not tolerate it', async () => {
    await apply(pod('pretended', 'strict', SELECTED));
    const check = async () => {
      const { status } = await readPod('pretended', 'strict');
      return status.conditions.some(({ reason }) => reason === 'Unschedulable');
    };
    await waitUntil({ what: 'strict to find no node', timeoutMs: 10_000, check });
    expect((await readPod('pretended', 'strict')).spec.nodeName).toBeUndefined();
  });

  it('enforces a network policy that selects pods of both kinds', async () => {
    const canReachApi = () =>
      inShop(cluster, 'real', 'nc', '-w', '2', '10.96.0.1', '443', '-e', PAUSE_PROGRAM, 'true').then(
        () => true,
        () => false,
      );
    expect(await canReachApi()).toBe(true);
    const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec };
    await apply(...['real', 'pretended'].map((namespace) => ({ ...policy, metadata: { name: 'deny', namespace } })));
    await waitUntil({ what: 'closed', timeoutMs: 10_000, check: async () => !(await canReachApi()) });
    expect(await visit(cluster, 'real')).toBe('a real page');
  });

  it('ends the namespaces of both, and their volumes', async () => {
    await cluster.kubectl(['delete', 'namespace', 'real', 'pretended', '--timeout=60s'], { timeoutMs: 70_000 });
    const check = async () => (await cluster.kubectl(['get', 'pv', '-o', 'name'])).stdout === '';
    await waitUntil({ what: 'no volume', timeoutMs: 10_000, check });
  });
});
