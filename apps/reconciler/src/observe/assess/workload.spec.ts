import { describe, expect, it } from 'vitest';
import { buildClaim, buildContainer, buildHealthySnapshot, buildPod, buildWorkload } from '../../testing/facts.ts';
import type { Snapshot } from '../snapshot.ts';
import { assessWorkload } from './workload.ts';

const notRunning = buildWorkload('server', { available: 0 });
const withServer = (
  workload = notRunning,
  facts: Partial<Snapshot['facts']> = {},
  rest: Partial<Omit<Snapshot, 'facts'>> = {},
) => buildHealthySnapshot({ ...rest, facts: { workloads: [workload], pods: [], ...facts } });

describe('a workload', () => {
  it.each<[string, Snapshot, string, string]>([
    ['runs in full', withServer(buildWorkload('server')), 'ready', 'available'],
    ['is of a later wish', withServer(buildWorkload('server', { generation: 2 })), 'ready', 'available'],
    ['is not there', buildHealthySnapshot({ facts: { workloads: [] } }), 'missing', 'not there yet'],
    [
      'is of an older wish',
      withServer(buildWorkload('server'), {}, { generationApplied: 2 }),
      'waiting',
      'not yet of generation 2',
    ],
    ['rolls out', withServer(buildWorkload('server', { isRolledOut: false })), 'waiting', 'rolling out'],
    ['is not available', withServer(), 'waiting', 'starting'],
    ['is being removed', withServer(buildWorkload('server', { isTerminating: true })), 'waiting', 'being removed'],
    ['was scaled to none', withServer(buildWorkload('server', { replicas: 0, available: 0 })), 'ready', 'available'],
  ])('that %s', (_what, snapshot, state, detail) => {
    expect(assessWorkload('server', snapshot)).toMatchObject({
      component: { name: 'server', state, detail },
      fault: null,
    });
  });

  it('fails by its pod', () => {
    const pod = buildPod('server', {
      containers: [buildContainer({ isReady: false, waiting: { reason: 'ErrImagePull', message: '' } })],
    });
    const part = assessWorkload('server', withServer(notRunning, { pods: [pod] }));
    expect(part).toMatchObject({
      component: { state: 'failing' },
      fault: { reason: 'ImagePullFailing', object: 'Pod store-server-x1' },
    });
  });

  it('does not fail by a pod on its way out, nor by one of another component', () => {
    const bad = { containers: [buildContainer({ isReady: false, waiting: { reason: 'ErrImagePull', message: '' } })] };
    const pods = [buildPod('server', { ...bad, isTerminating: true }), buildPod('database', bad)];
    expect(assessWorkload('server', withServer(notRunning, { pods })).fault).toBeNull();
  });

  it('that serves is well, whatever a surplus pod does', () => {
    const bad = buildPod('server', {
      containers: [buildContainer({ isReady: false, waiting: { reason: 'ErrImagePull', message: '' } })],
    });
    expect(assessWorkload('server', withServer(buildWorkload('server'), { pods: [bad] })).component.state).toBe(
      'ready',
    );
  });

  it.each<[string, Partial<Parameters<typeof buildClaim>[1]>, ReadonlySet<string>, string | undefined]>([
    [
      'has waited too long',
      { phase: 'Pending', storageClass: 'fast' },
      new Set(['store-server-data']),
      'VolumePending',
    ],
    ['waits as any new one', { phase: 'Pending' }, new Set(), undefined],
    ['is bound', { phase: 'Bound' }, new Set(['store-server-data']), undefined],
  ])('with a claim that %s', (_what, claim, lateClaims, reason) => {
    const snapshot = withServer(notRunning, { claims: [buildClaim('server', claim)] }, { lateClaims });
    expect(assessWorkload('server', snapshot).fault?.reason).toBe(reason);
  });

  const quota =
    'pods "store-server-7f9-x2x4z" is forbidden: exceeded quota: store-quota, requested: pods=1, used: pods=7, limited: pods=7';
  it('whose pods the quota refuses, told by an event of its ReplicaSet', () => {
    const refusedPods = [
      { kind: 'ReplicaSet', name: 'store-server-7f9', reason: 'FailedCreate', message: quota, count: 3 },
    ];
    expect(assessWorkload('server', withServer(notRunning, {}, { refusedPods })).fault).toEqual({
      reason: 'QuotaExceeded',
      object: 'ReplicaSet store-server-7f9',
      message: 'its pod is forbidden: exceeded quota: store-quota, requested: pods=1, used: pods=7, limited: pods=7',
      log: null,
    });
  });

  it('says the same at every try, whoever tells it', () => {
    const tries = [
      `Error creating: ${quota}`,
      `Create Pod store-server-0 in StatefulSet store-server failed error: ${quota}`,
    ];
    const messages = tries.map((message) => {
      const refusedPods = [{ kind: 'ReplicaSet', name: 'store-server-7f9', reason: 'FailedCreate', message, count: 1 }];
      return assessWorkload('server', withServer(notRunning, {}, { refusedPods })).fault?.message;
    });
    expect(new Set(messages)).toEqual(new Set([expect.stringMatching(/^its pod is forbidden: exceeded quota/)]));
  });

  it('whose pods the quota refuses, told by its own condition', () => {
    const part = assessWorkload('server', withServer({ ...notRunning, replicaFailure: quota }));
    expect(part.fault).toMatchObject({ reason: 'QuotaExceeded', object: 'store-server' });
  });

  it('whose pods are refused for another reason is unavailable, with the message', () => {
    const replicaFailure = 'pods "store-server-1" is forbidden: violates PodSecurity "restricted:latest"';
    expect(assessWorkload('server', withServer({ ...notRunning, replicaFailure })).fault).toMatchObject({
      reason: 'WorkloadUnavailable',
      message: 'its pod is forbidden: violates PodSecurity "restricted:latest"',
    });
  });

  it('with a pod does not fail by an old refusal', () => {
    const snapshot = withServer({ ...notRunning, replicaFailure: quota }, { pods: [buildPod('server')] });
    expect(assessWorkload('server', snapshot).fault).toBeNull();
  });
});
