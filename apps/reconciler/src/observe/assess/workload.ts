/** Assesses one Deployment or StatefulSet with its pods and claims. */
import type { WorkloadName } from '@urumi/shared/domain/engines/catalog';
import { objectNames } from '@urumi/shared/k8s/names';
import type { PodFacts } from '../../watch/facts.ts';
import type { Snapshot } from '../snapshot.ts';
import { findClaimFault } from './claim.ts';
import { buildPart, type LogPlace, type Part } from './part.ts';
import { findPodFault } from './pod.ts';
import { findRefusalFault } from './refusal.ts';

/** Ready: applied for the newest applied wish or a later one, rolled out, and every replica available. */
export function assessWorkload(name: 'database' | WorkloadName, snapshot: Snapshot): Part {
  const workload = snapshot.facts.workloads.find((candidate) => candidate.name === objectNames[name]);
  if (!workload) return buildPart(name, 'missing', 'not there yet');

  const isCurrent = workload.generation >= snapshot.generationApplied;
  if (isCurrent && !workload.isTerminating && workload.isRolledOut && workload.available >= workload.replicas) {
    return buildPart(name, 'ready', 'available');
  }

  const all = snapshot.facts.pods.filter((pod) => pod.component === name);
  const pods = all.filter((pod) => !pod.isTerminating);
  // A pod that was given up with its node stays terminating until the node is back, and its volume with it.
  const stranded = pods.length === 0 ? all.filter((pod) => pod.isCutOff) : [];
  for (const pod of [...pods, ...stranded]) {
    const fault = findPodFault(pod, snapshot);
    if (fault) return buildPart(name, 'failing', fault.message, fault);
  }
  const claimFault = findClaimFault(name, snapshot);
  if (claimFault) return buildPart(name, 'failing', claimFault.message, claimFault);
  if (pods.length === 0) {
    const refusal = findRefusalFault(workload.name, snapshot.refusedPods, workload.replicaFailure);
    if (refusal) return buildPart(name, 'failing', refusal.message, refusal);
  }

  if (!isCurrent) return buildPart(name, 'waiting', `not yet of generation ${snapshot.generationApplied}`);
  if (workload.isTerminating) return buildPart(name, 'waiting', 'being removed');
  return buildPart(name, 'waiting', workload.isRolledOut ? 'starting' : 'rolling out', null, findUnready(pods));
}

function findUnready(pods: readonly PodFacts[]): LogPlace | null {
  for (const pod of pods) {
    // One that waits for its first start has said nothing yet.
    const container = pod.containers.find((one) => !one.isReady && (one.waiting === null || one.ended !== null));
    if (!container) continue;
    const previous = container.waiting !== null;
    return { pod: pod.name, container: container.name, previous, recent: !previous };
  }
  return null;
}
