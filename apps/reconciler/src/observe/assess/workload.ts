/** Assesses one Deployment or StatefulSet with its pods and claims. */
import { objectNames } from '@urumi/shared/k8s/names';
import type { Snapshot } from '../snapshot.ts';
import { findClaimFault } from './claim.ts';
import { buildPart, type Part } from './part.ts';
import { findPodFault } from './pod.ts';
import { findRefusalFault } from './refusal.ts';

export type WorkloadName = 'database' | 'server' | 'storefront';

/** Ready: applied for the newest applied wish or a later one, rolled out, and every replica available. */
export function assessWorkload(name: WorkloadName, snapshot: Snapshot): Part {
  const workload = snapshot.facts.workloads.find((candidate) => candidate.name === objectNames[name]);
  if (!workload) return buildPart(name, 'missing', 'not there yet');

  const isCurrent = workload.generation >= snapshot.generationApplied;
  if (isCurrent && !workload.isTerminating && workload.isRolledOut && workload.available >= workload.replicas) {
    return buildPart(name, 'ready', 'available');
  }

  const pods = snapshot.facts.pods.filter((pod) => pod.component === name && !pod.isTerminating);
  for (const pod of pods) {
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
  return buildPart(name, 'waiting', workload.isRolledOut ? 'starting' : 'rolling out');
}
