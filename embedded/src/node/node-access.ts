/**
 * What the kubelet reads for its pods. Kubernetes' own rule, the Node authorizer, knows a pod's claims and Secrets only a
 * moment after the pod was given to the node. A kubelet that asks within that moment is refused and lets the pod wait for
 * 10 to 15 s; here, where everything is near, that was one shop in five (ADR 0017). There is one real node, so whatever a
 * pod that runs names belongs to it anyway.
 */
import { buildAccess, READ } from '../addons/access.ts';
import { NODE_NAME } from '../cluster/addresses.ts';
import type { KubeObject } from '../kube/objects.ts';

export function buildNodeAccess(): KubeObject[] {
  const rules = [
    { apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: READ },
    { apiGroups: [''], resources: ['persistentvolumeclaims', 'persistentvolumes'], verbs: ['get'] },
  ];
  return buildAccess(`system:node:${NODE_NAME}`, rules, 'urumi:node');
}
