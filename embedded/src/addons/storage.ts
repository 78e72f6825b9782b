/** The default storage class and the process that provisions its volumes. */
import { join } from 'node:path';

import { NODE_NAME } from '../cluster/addresses.ts';
import type { NodeKind } from '../cluster/options.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { KubeObject } from '../kube/objects.ts';
import { SIMULATED_LABEL } from '../simulated/nodes.ts';
import { type NodeLabel, PROVISIONER, STORAGE_CLASS } from '../storage/plan.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { buildAccess, READ } from './access.ts';

/**
 * Nodes with this label can mount every volume. A claim is bound before its pod has a node, so in a mixed cluster it must
 * suit both kinds: what keeps their pods apart is the taint and the pods' own choice.
 */
const MOUNTED_BY: Readonly<Record<NodeKind, NodeLabel>> = {
  real: { key: 'kubernetes.io/hostname', value: NODE_NAME },
  simulated: SIMULATED_LABEL,
  mixed: { key: 'kubernetes.io/os', value: 'linux' },
};

export function provisionerSpec(paths: ClusterPaths, nodes: NodeKind): ComponentSpec {
  const label = MOUNTED_BY[nodes];
  const program = join(import.meta.dirname, '..', 'storage', 'provisioner.ts');
  return {
    name: 'provisioner',
    command: process.execPath,
    args: [program, join(paths.configDir, 'provisioner.kubeconfig'), paths.volumesDir, label.key, label.value],
  };
}

export function buildStorageObjects(): KubeObject[] {
  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: STORAGE_CLASS, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: PROVISIONER,
    reclaimPolicy: 'Delete',
    // All nodes can mount all volumes: nothing is gained by waiting for a pod, and claims are bound before the pods need them.
    volumeBindingMode: 'Immediate',
  };
  const access = buildAccess('urumi:provisioner', [
    { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: READ },
    { apiGroups: [''], resources: ['persistentvolumes'], verbs: [...READ, 'create', 'delete', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'patch'] },
  ]);
  return [...access, storageClass];
}
