import { describe, expect, it } from 'vitest';
import { judgeRedis } from './judge-redis.ts';
import { judgeService, judgeVersions, type Readiness, type ServiceFacts } from './judge-services.ts';
import type { Container, Pod, Workload } from './objects.ts';

const now = Date.parse('2026-11-24T04:00:00Z');
const image = 'ghcr.io/urumi/platform:0.1.0';

interface Shape {
  readonly wished: number;
  readonly ready: number;
  readonly updated: number;
  readonly of: string;
}

function deployment(
  name: string,
  { wished = 1, ready = wished, updated = wished, of = image }: Partial<Shape> = {},
): Workload {
  const env = [{ name: 'REDIS_URL', valueFrom: { secretKeyRef: { name: 'urumi-redis' } } }];
  return {
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: wished, template: { spec: { containers: [{ image: of, env }] } } },
    status: { readyReplicas: ready, updatedReplicas: updated },
  };
}

function pod(name: string, { ready = true, waiting = '', restarts = 0, ended = '', build = 'sha256:1' } = {}): Pod {
  const lastState = ended === '' ? {} : { terminated: { reason: 'OOMKilled', finishedAt: ended } };
  const state = waiting === '' ? {} : { waiting: { reason: waiting } };
  return {
    kind: 'Pod',
    metadata: { name },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ restartCount: restarts, imageID: build, state, lastState }],
    },
  };
}

const judge = (facts: Partial<ServiceFacts>) =>
  judgeService({
    name: 'urumi-worker',
    namespace: 'urumi-system',
    workload: deployment('urumi-worker'),
    pods: [pod('w-1')],
    readiness: new Map(),
    now,
    ...facts,
  });

const says = (readiness: Readiness) => new Map([['w-1', readiness]]);

describe('a service', () => {
  it.each<[string, Partial<ServiceFacts>, string, string]>([
    ['ready', {}, 'ok', `1 of 1 ready; no restarts; ${image}`],
    ['ready, and nobody could ask it', { readiness: says({ kind: 'not-asked' }) }, 'ok', '1 of 1 ready'],
    ['not installed', { workload: undefined }, 'FAULT', 'there is no Deployment urumi-worker'],
    ['scaled to none', { workload: deployment('urumi-worker', { wished: 0 }), pods: [] }, 'FAULT', 'scaled to none'],
    [
      'no image',
      {
        workload: deployment('urumi-worker', { ready: 0 }),
        pods: [pod('w-1', { ready: false, waiting: 'ImagePullBackOff' })],
      },
      'FAULT',
      '0 of 1 ready; no restarts; ghcr.io/urumi/platform:0.1.0 (ImagePullBackOff)',
    ],
    ['one of two', { workload: deployment('urumi-worker', { wished: 2, ready: 1 }) }, 'WARN', '1 of 2 ready'],
    ['rolling out', { workload: deployment('urumi-worker', { updated: 0 }) }, 'WARN', 'a roll-out is under way'],
    ['not ready by its own word', { readiness: says({ kind: 'not-ready' }) }, 'WARN', 'not ready: w-1'],
    [
      'pausing creates',
      { readiness: says({ kind: 'ready', body: '{"status":"ok","pausedEngines":["medusa"]}' }) },
      'WARN',
      'new stores wait for: medusa',
    ],
    [
      'restarting again and again',
      { pods: [pod('w-1', { restarts: 7, ended: '2026-11-24T03:30:00Z' })] },
      'WARN',
      '7 restarts, within the last hour: OOMKilled',
    ],
    ['restarted long ago', { pods: [pod('w-1', { restarts: 7, ended: '2026-11-20T03:30:00Z' })] }, 'ok', '7 restarts'],
  ])('%s', (_, facts, state, saw) => {
    expect(judge(facts)).toMatchObject({ state, saw: expect.stringContaining(saw) });
  });

  it('names why no node takes its pod', () => {
    const unplaced: Pod = {
      metadata: { name: 'w-1' },
      status: {
        conditions: [
          { type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient memory.' },
        ],
      },
    };
    const finding = judge({ workload: deployment('urumi-worker', { ready: 0 }), pods: [unplaced] });
    expect(finding).toMatchObject({ state: 'FAULT', saw: expect.stringContaining('Insufficient memory') });
  });
});

describe('versions', () => {
  const two = [deployment('urumi-api'), deployment('urumi-worker')];
  it.each<[string, Workload[], Pod[], string]>([
    ['one image', two, [pod('a'), pod('b')], 'ok'],
    ['two images', [deployment('urumi-api', { of: `${image}-rc` }), deployment('urumi-worker')], [], 'WARN'],
    ['one name, two builds', two, [pod('a'), pod('b', { build: 'sha256:2' })], 'WARN'],
    ['nothing there', [], [], '?'],
  ])('%s', (_, workloads, pods, state) => {
    expect(judgeVersions(workloads, pods).state).toBe(state);
  });
});

describe('redis', () => {
  const command = [
    'redis-server',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--maxmemory-policy',
    'noeviction',
  ];
  const redis = (container: Container, ready = 1): Workload => ({
    kind: 'StatefulSet',
    metadata: { name: 'urumi-redis' },
    spec: { template: { spec: { containers: [container] } } },
    status: { readyReplicas: ready },
  });
  const bound = { status: { phase: 'Bound' } };
  const external: Workload = {
    ...deployment('urumi-api'),
    spec: { template: { spec: { containers: [{ env: [{ name: 'REDIS_URL' }] }] } } },
  };
  const facts = {
    release: 'urumi',
    namespace: 'urumi-system',
    services: [deployment('urumi-api')],
    redis: redis({ command }),
    claim: bound,
    readiness: [],
  };
  const without = (option: string, value: string) => ({ command: [...command, option, value] });

  it.each([
    ['as the chart makes it', facts, 'ok', 'bundled; ready'],
    ['no file', { ...facts, redis: redis(without('--appendonly', 'no')) }, 'FAULT', 'appendonly is no instead of yes'],
    [
      'a second at risk',
      { ...facts, redis: redis(without('--appendfsync', 'everysec')) },
      'FAULT',
      'appendfsync is everysec',
    ],
    ['evicting', { ...facts, redis: redis({ command: command.slice(0, 5) }) }, 'FAULT', 'maxmemory-policy is not set'],
    [
      'no volume',
      { ...facts, claim: { status: { phase: 'Pending' } } },
      'FAULT',
      'its claim urumi-redis-data is Pending',
    ],
    ['no claim', { ...facts, claim: undefined }, 'FAULT', 'its claim urumi-redis-data is not there'],
    ['not ready', { ...facts, redis: redis({ command }, 0) }, 'FAULT', 'its pod is not ready'],
    ['gone', { ...facts, redis: undefined }, 'FAULT', 'there is no StatefulSet urumi-redis'],
    [
      'full',
      { ...facts, readiness: [{ kind: 'ready', body: '{"redisMemory":"full"}' } as const] },
      'WARN',
      'its memory is full',
    ],
    [
      'external',
      { ...facts, redis: undefined, services: [external, { ...external, status: { readyReplicas: 1 } }] },
      'ok',
      'external',
    ],
    [
      'external, unwell',
      { ...facts, redis: undefined, services: [{ ...external, status: {} }] },
      '?',
      'not ready: urumi-api',
    ],
    ['nothing installed', { ...facts, redis: undefined, services: [] }, '?', 'no service'],
  ])('%s', (_, seen, state, saw) => {
    expect(judgeRedis(seen)).toMatchObject({ state, saw: expect.stringContaining(saw) });
  });
});
