/** Troubles as Kubernetes 1.36 words them in objects, from the raw object to the reason and the object that is named. */
import { expect, it } from 'vitest';
import { buildClaim, buildHealthySnapshot, buildJob, buildWorkload } from '../../testing/facts.ts';
import { podFacts, workloadFacts, type PodFacts } from '../../watch/facts.ts';
import recorded from '../../watch/fixtures/recorded-objects.json' with { type: 'json' };
import { assess } from '../assess.ts';
import type { Snapshot } from '../snapshot.ts';

const name = 'store-server-7f9c-x2x4z';
const metadata = {
  name,
  namespace: 'store-abcd1234',
  uid: 'u',
  resourceVersion: '1',
  labels: { 'app.kubernetes.io/component': 'server' },
};
const spec = { containers: [{ name: 'server', image: 'shop/server:1' }] };
const pod = (status: object, more: object = {}): PodFacts =>
  podFacts.parse({ metadata: { ...metadata, ...more }, spec, status });
const running = (container: object, conditions: readonly object[] = []) => ({
  phase: 'Running',
  conditions,
  containerStatuses: [{ name: 'server', image: 'shop/server:1', restartCount: 3, ...container }],
});
const oom = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
const looping = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } };
const unscheduled = (message: string) =>
  pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] });

it.each<[string, Partial<Snapshot['facts']>, Partial<Snapshot>, string, string]>([
  [
    'an image that is not there',
    {
      pods: [
        pod({
          phase: 'Pending',
          containerStatuses: [{ name: 'server', state: { waiting: { reason: 'ImagePullBackOff' } } }],
        }),
      ],
    },
    {},
    'ImagePullFailing',
    `Pod ${name}`,
  ],
  [
    'no room on a node',
    { pods: [unscheduled('0/1 nodes are available: 1 Insufficient memory.')] },
    {},
    'Unschedulable',
    `Pod ${name}`,
  ],
  [
    'a volume that does not come',
    { pods: [unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.')] },
    {},
    'VolumePending',
    `Pod ${name}`,
  ],
  [
    'a claim that waits',
    { pods: [], claims: [buildClaim('server', { phase: 'Pending' })] },
    { lateClaims: new Set(['store-server-data']) },
    'VolumePending',
    'PersistentVolumeClaim store-server-data',
  ],
  [
    'a crash loop',
    {
      pods: [
        pod(running({ ready: false, state: looping, lastState: { terminated: { exitCode: 1, reason: 'Error' } } })),
      ],
    },
    {},
    'CrashLooping',
    `Pod ${name}`,
  ],
  [
    'too little memory',
    { pods: [pod(running({ ready: false, state: looping, lastState: oom }))] },
    {},
    'OutOfMemory',
    `Pod ${name}`,
  ],
  [
    'a silent node',
    { pods: [pod(running({ ready: true, state: { running: {} } }, [{ type: 'Ready', status: 'False' }]))] },
    {},
    'NodeLost',
    `Pod ${name}`,
  ],
  [
    'a pod given up with its node',
    {
      pods: [
        pod(
          running({ ready: true, state: { running: {} } }, [
            { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' },
          ]),
          { deletionTimestamp: '2026-11-01T10:00:00Z' },
        ),
      ],
    },
    {},
    'NodeLost',
    `Pod ${name}`,
  ],
])('%s is named', (_what, facts, seen, reason, object) => {
  const workloads = [buildWorkload('database'), buildWorkload('server', { available: 0 }), buildWorkload('storefront')];
  const snapshot = buildHealthySnapshot({ page: { kind: 'not-asked' }, ...seen, facts: { workloads, ...facts } });
  const { verdict, reason: told, fault } = assess(snapshot);
  expect([verdict, told, fault?.object]).toEqual(['hindered', reason, object]);
});

it('a quota that is too small is named with its numbers, from the recorded Deployment', () => {
  const server = workloadFacts.parse(recorded.deployment);
  const workloads = [buildWorkload('database'), server, buildWorkload('storefront')];
  const { reason, fault } = assess(
    buildHealthySnapshot({ page: { kind: 'not-asked' }, facts: { workloads, pods: [], claims: [] } }),
  );
  expect([reason, fault?.message]).toEqual(['QuotaExceeded', expect.stringMatching(/exceeded quota: .*limited: /)]);
});

it('a container that is only not ready yet is no lost node', () => {
  const starting = pod(
    running({ ready: false, state: { running: {} } }, [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
    ]),
  );
  expect(starting.isCutOff).toBe(false);
});

it('F31: a claim that was removed is lost data, whatever else still runs', () => {
  const lostClaims = new Set(['store-database-data']);
  const { verdict, reason } = assess(buildHealthySnapshot({ lostClaims, served: true, setupDone: true }));
  expect([verdict, reason]).toEqual(['fatal', 'DataLost']);
});

it('a setup that failed tells its last exit code', () => {
  const failed = buildJob({
    isComplete: false,
    failed: 4,
    failure: { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: '' },
  });
  const setup = podFacts.parse({
    metadata: { ...metadata, name: 'store-setup-1-0a1b2c3d-x', labels: { 'app.kubernetes.io/component': 'setup' } },
    spec: { containers: [{ name: 'setup', image: 'i' }] },
    status: {
      phase: 'Failed',
      containerStatuses: [{ name: 'setup', state: { terminated: { exitCode: 42, reason: 'Error' } } }],
    },
  });
  const { fault } = assess(
    buildHealthySnapshot({ page: { kind: 'not-asked' }, facts: { jobs: [failed], pods: [setup] } }),
  );
  expect(fault?.message).toBe('setup failed 4 times (exit code 42)');
});
