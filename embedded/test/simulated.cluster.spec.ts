/** Simulated nodes for real: a whole control plane whose pods only pretend, in each way that a test may choose. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { waitUntil } from '../src/base/wait.ts';
import { readStatus } from '../src/cluster/status.ts';
import { type Cluster, up } from '../src/cluster/up.ts';
import { BEHAVIOUR_ANNOTATION, type Behaviour } from '../src/simulated/behaviour.ts';
import { buildSimulatedNodes } from '../src/simulated/nodes.ts';
import { findTraces } from '../src/testing/traces.ts';

const request = { name: 'spec-sim', storage: 'memory', nodes: 'simulated', apiPort: 0 } as const;
const namespace = 'shop';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await up(request);
  await cluster.kubectl(['create', 'namespace', namespace]);
});
afterAll(async () => {
  await cluster.down();
  expect(findTraces(request.name)).toEqual([]);
});

const imageOf = (behaviour: Behaviour) => `localhost/urumi/simulated-${behaviour}/web:1`;

async function apply(...items: object[]): Promise<void> {
  await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
}

function podTemplate(name: string, image: string, spec: object = {}) {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'main', image, ...('claim' in spec ? mount : {}) }], ...volumeOf(spec) },
  };
}

const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };

function volumeOf(spec: object): object {
  if (!('claim' in spec)) return spec;
  const { claim, ...rest } = spec;
  return { ...rest, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] };
}

function deployment(name: string, image: string): object {
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector, template: podTemplate(name, image) },
  };
}

function job(name: string, image: string): object {
  const podFailurePolicy = {
    rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } }],
  };
  const template = podTemplate(name, image, { restartPolicy: 'Never' });
  const spec = { backoffLimit: 0, podReplacementPolicy: 'Failed', podFailurePolicy, template };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec };
}

interface Pod {
  metadata: { name: string };
  status: {
    phase: string;
    conditions: { type: string; status: string }[];
    containerStatuses?: {
      restartCount: number;
      state: { waiting?: { reason: string }; running?: object; terminated?: { exitCode: number } };
    }[];
  };
}

async function podOf(name: string): Promise<Pod> {
  const { stdout } = await cluster.kubectl(['get', 'pods', '-n', namespace, '-l', `app=${name}`, '-o', 'json']);
  const [pod] = (JSON.parse(stdout) as { items: Pod[] }).items;
  if (pod === undefined) throw new Error(`no pod of ${name} yet`);
  return pod;
}

function isReady({ status }: Pod): boolean {
  return status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** What a person sees in the pod's list. */
async function stateOf(name: string): Promise<string> {
  const pod = await podOf(name);
  const [container] = pod.status.containerStatuses ?? [];
  if (isReady(pod)) return 'ready';
  if (container?.state.terminated !== undefined) return `exit ${container.state.terminated.exitCode}`;
  return container?.state.waiting?.reason ?? (container?.state.running === undefined ? pod.status.phase : 'running');
}

async function untilState(name: string, state: string, timeoutMs = 10_000): Promise<void> {
  const check = async () => {
    const seen = await stateOf(name);
    if (seen !== state) throw new Error(`it is ${seen}`);
    return true;
  };
  await waitUntil({ what: `${name} to be ${state}`, timeoutMs, intervalMs: 100, check });
}

describe('a cluster with simulated nodes', () => {
  it('has no ingress, says so, and is joined by a second start in under a second', async () => {
    const status = await readStatus(request);
    expect(status).toMatchObject({ phase: 'running', nodes: 'simulated', ingressUrl: null });
    expect(status.state?.components.map(({ name }) => name)).not.toContain('containerd');
    await expect(cluster.waitFor('ingress')).rejects.toThrow('simulated nodes have no ingress');
    const since = performance.now();
    expect((await up({ name: request.name, storage: 'memory' })).apiUrl).toBe(cluster.apiUrl);
    expect(performance.now() - since).toBeLessThan(1_000);
    await expect(up({ ...request, nodes: 'real' })).rejects.toThrow('runs with simulated nodes');
  });

  it('has a database with its volume, a web server and a finished set-up within seconds, and gives the volume back', async () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const init = { initContainers: [{ name: 'init', image: 'localhost/urumi/init:1' }] };
    const template = podTemplate('database', 'localhost/urumi/database:1', { claim: 'data', ...init });
    const selector = { matchLabels: { app: 'database' } };
    await apply(
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec },
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'database' },
        spec: { selector, serviceName: 'database', template },
      },
      deployment('web', 'localhost/urumi/web:1'),
      job('setup', 'localhost/urumi/web:1'),
    );
    const wait = (...args: string[]) => cluster.kubectl(['wait', '-n', namespace, '--timeout=10s', ...args]);
    await wait('--for=condition=Available', 'deployment/web');
    await wait('--for=jsonpath={.status.readyReplicas}=1', 'statefulset/database');
    await wait('--for=condition=Complete', 'job/setup');
    await cluster.kubectl(['delete', '-n', namespace, 'statefulset/database', 'pvc/data', '--timeout=20s']);
    const check = async () => (await cluster.kubectl(['get', 'pv', '-o', 'name'])).stdout === '';
    await waitUntil({ what: 'no volume', timeoutMs: 10_000, check });
  });

  it.each<[Behaviour, string]>([
    ['pull-failing', 'ImagePullBackOff'],
    ['crash-loop', 'CrashLoopBackOff'],
    ['never-ready', 'running'],
    ['setup-exit-42', 'ready'],
  ])('shows an image named %s as %s', async (behaviour, state) => {
    await apply(deployment(behaviour, imageOf(behaviour)));
    await untilState(behaviour, state);
  });

  it('lets a slow pod run before it is ready', async () => {
    const since = performance.now();
    await apply(deployment('slow', imageOf('slow-3s')));
    await untilState('slow', 'running');
    await untilState('slow', 'ready');
    expect(performance.now() - since).toBeGreaterThan(3_000);
  });

  it('leaves a pod pending whose behaviour is misspelt', async () => {
    await apply(deployment('misspelt', 'localhost/urumi/simulated-crashloop/web:1'));
    await untilState('misspelt', 'Pending');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await stateOf('misspelt')).toBe('Pending');
  });

  it('ends a set-up with the exit code that its image names, which fails the Job', async () => {
    await apply(job('broken', imageOf('setup-exit-42')), job('slow-setup', imageOf('setup-slow-2s')));
    await untilState('broken', 'exit 42');
    const wait = (condition: string, name: string) =>
      cluster.kubectl(['wait', '-n', namespace, '--timeout=10s', `--for=condition=${condition}`, name]);
    await wait('Failed', 'job/broken');
    await wait('Complete', 'job/slow-setup');
  });

  it('takes a behaviour from an annotation while the pod runs, and forgets it', async () => {
    await apply(deployment('later', 'localhost/urumi/web:1'));
    await untilState('later', 'ready');
    const { metadata } = await podOf('later');
    const annotate = (value: string) =>
      cluster.kubectl(['annotate', '-n', namespace, `pod/${metadata.name}`, `${BEHAVIOUR_ANNOTATION}${value}`]);
    await annotate('=crash-loop');
    await untilState('later', 'CrashLoopBackOff');
    await annotate('-');
    await untilState('later', 'ready');
  });

  it('runs a lost node’s pods elsewhere, and takes the node back', async () => {
    const { stdout } = await cluster.kubectl([
      'get',
      'pods',
      '-n',
      namespace,
      '-l',
      'app=web',
      '-o',
      'jsonpath={.items[0].spec.nodeName}',
    ]);
    await cluster.kubectl(['delete', 'node', stdout]);
    await cluster.kubectl(['delete', 'pods', '-n', namespace, '-l', 'app=web', '--force', '--grace-period=0']);
    await untilState('web', 'ready', 30_000);
    // Pods that nobody took away are still bound to it.
    await cluster.kubectl(['apply', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: buildSimulatedNodes() }),
    });
    await cluster.kubectl(['wait', '--for=condition=Ready', `node/${stdout}`, '--timeout=10s']);
  });

  it('ends a namespace with a Job under way within seconds', async () => {
    await apply(job('under-way', imageOf('setup-slow-600s')));
    await untilState('under-way', 'running');
    await cluster.kubectl(['delete', 'namespace', namespace, '--timeout=30s'], { timeoutMs: 40_000 });
  });
});
