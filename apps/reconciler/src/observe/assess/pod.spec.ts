import { describe, expect, it } from 'vitest';
import { buildCondition, buildContainer, buildPod } from '../../testing/facts.ts';
import type { ContainerFacts } from '../../watch/facts.ts';
import { findPodFault } from './pod.ts';

const none = { crashLoops: new Set<string>() };
const waiting = (reason: string, message = '') => ({ isReady: false, waiting: { reason, message } });

describe('a pod', () => {
  it.each([
    ['ErrImagePull'],
    ['ImagePullBackOff'],
    ['ErrImageNeverPull'],
    ['InvalidImageName'],
    ['RegistryUnavailable'],
    ['ImageInspectError'],
  ])('that waits with %s cannot pull its image', (reason) => {
    const pod = buildPod('server', { containers: [buildContainer(waiting(reason, 'Back-off pulling …'))] });
    expect(findPodFault(pod, none)).toMatchObject({
      reason: 'ImagePullFailing',
      object: 'Pod store-server-x1',
      message: 'image shop/server:1 cannot be pulled',
    });
  });

  it.each([
    ['CreateContainerConfigError', 'secret "store-app" not found'],
    ['CreateContainerError', 'no space left on device'],
    ['RunContainerError', 'exec format error'],
    ['StartError', ''],
    ['PostStartHookError', ''],
  ])('that waits with %s cannot start', (reason, message) => {
    const pod = buildPod('server', { containers: [buildContainer(waiting(reason, message))] });
    expect(findPodFault(pod, none)).toMatchObject({
      reason: 'CrashLooping',
      message: `container server cannot start: ${message || reason}`,
    });
  });

  it('that waits between two crashes loops, and its last life has the log', () => {
    const container = buildContainer({ ...waiting('CrashLoopBackOff'), ended: { exitCode: 1, reason: 'Error' } });
    expect(findPodFault(buildPod('server', { containers: [container] }), none)).toEqual({
      reason: 'CrashLooping',
      object: 'Pod store-server-x1',
      message: 'container server keeps ending (Error, code 1)',
      log: { pod: 'store-server-x1', container: 'server', previous: true, recent: false },
    });
  });

  it('that runs again right after a crash still loops', () => {
    const pod = buildPod('server', { containers: [buildContainer({ isReady: false })] });
    expect(findPodFault(pod, { crashLoops: new Set(['store-server-x1/server']) })?.reason).toBe('CrashLooping');
  });

  it('that became ready after a crash is well', () => {
    expect(findPodFault(buildPod('server'), { crashLoops: new Set(['store-server-x1/server']) })).toBeNull();
  });

  it.each<[string, string, string]>([
    ['0/1 nodes are available: 1 Insufficient memory.', 'Unschedulable', 'too little memory'],
    ['0/1 nodes are available: 1 node(s) had untolerated taint(s).', 'Unschedulable', 'a taint'],
    ['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.', 'VolumePending', 'an unbound claim'],
    [
      "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.",
      'VolumePending',
      'no volume',
    ],
    ['0/1 nodes are available: 1 node(s) had volume node affinity conflict.', 'VolumePending', 'a volume elsewhere'],
    ['0/2 nodes are available: persistentvolumeclaim "store-uploads" not found.', 'VolumePending', 'a missing claim'],
  ])('that the scheduler answers "%s" is %s: %s', (message, reason) => {
    const scheduling = buildCondition('PodScheduled', { status: 'False', reason: 'Unschedulable', message });
    expect(findPodFault(buildPod('server', { phase: 'Pending', scheduling, containers: [] }), none)).toMatchObject({
      reason,
      message,
    });
  });

  it.each<[string, Partial<ContainerFacts>]>([
    ['is being made', waiting('ContainerCreating')],
    ['initialises', waiting('PodInitializing')],
    ['runs and is not ready yet', { isReady: false }],
    ['was restarted once', { isReady: false, restarts: 1, ended: { exitCode: 137, reason: 'OOMKilled' } }],
    ['is ready', {}],
  ])('that %s is on its way', (_what, differs) => {
    expect(findPodFault(buildPod('server', { containers: [buildContainer(differs)] }), none)).toBeNull();
  });

  it('waits for a scheduler that has not said anything bad', () => {
    const scheduling = buildCondition('PodScheduled', { status: 'False', reason: 'SchedulingGated' });
    expect(findPodFault(buildPod('server', { scheduling }), none)).toBeNull();
  });
});
