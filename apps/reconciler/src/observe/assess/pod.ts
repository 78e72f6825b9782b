/** What keeps a pod from running. Reasons are the kubelet's and the scheduler's own words, as of Kubernetes 1.36. */
import type { ContainerFacts, PodFacts } from '../../watch/facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Fault } from './part.ts';

const pullFailures: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'RegistryUnavailable',
  'ImageInspectError',
]);

/** The container cannot be made or ends at once, every time. */
const startFailures: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'PostStartHookError',
]);

/** The scheduler names volumes in words only (kube-scheduler, plugins volumebinding and volumezone). */
const volumeWords = /persistent ?volume|volume node affinity|storage ?class/i;

/** @returns the first thing that is wrong, or `null` where the pod runs or is on its way */
export function findPodFault(pod: PodFacts, { crashLoops }: Pick<Snapshot, 'crashLoops'>): Fault | null {
  const object = `Pod ${pod.name}`;
  if (pod.scheduling?.reason === 'Unschedulable') {
    const reason = volumeWords.test(pod.scheduling.message) ? 'VolumePending' : 'Unschedulable';
    return { reason, object, message: pod.scheduling.message, log: null };
  }
  if (pod.isCutOff) return { reason: 'NodeLost', object, message: 'its node does not answer any more', log: null };
  for (const container of pod.containers) {
    const fault = findContainerFault(pod, container, crashLoops);
    if (fault) return { ...fault, object };
  }
  return null;
}

/** True where the container waits between two crashes right now. */
export function isCrashLooping(container: ContainerFacts): boolean {
  return container.waiting?.reason === 'CrashLoopBackOff';
}

/** Key of a container in {@link Snapshot.crashLoops}. */
export function toContainerKey(pod: PodFacts, container: ContainerFacts): string {
  return `${pod.name}/${container.name}`;
}

function findContainerFault(
  pod: PodFacts,
  container: ContainerFacts,
  crashLoops: Snapshot['crashLoops'],
): Omit<Fault, 'object'> | null {
  if (container.waiting && pullFailures.has(container.waiting.reason)) {
    // The kubelet alternates between two wordings; ours stays the same, so that it is told once.
    return { reason: 'ImagePullFailing', message: `image ${container.image} cannot be pulled`, log: null };
  }
  if (container.waiting && startFailures.has(container.waiting.reason)) {
    const { reason, message } = container.waiting;
    return {
      reason: 'CrashLooping',
      message: `container ${container.name} cannot start: ${message || reason}`,
      log: null,
    };
  }
  if (isCrashLooping(container) || (!container.isReady && crashLoops.has(toContainerKey(pod, container)))) {
    const end =
      container.ended === null ? '' : ` (${container.ended.reason || 'exit'}, code ${container.ended.exitCode})`;
    const isOutOfMemory = container.ended?.reason === 'OOMKilled';
    return {
      reason: isOutOfMemory ? 'OutOfMemory' : 'CrashLooping',
      message: isOutOfMemory
        ? `container ${container.name} took more memory than it may have`
        : `container ${container.name} keeps ending${end}`,
      log: { pod: pod.name, container: container.name, previous: true, recent: false },
    };
  }
  return null;
}
