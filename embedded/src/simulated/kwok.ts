/** kwok: plays the kubelets of the simulated nodes by the stages in `stages.ts`. */
import { join } from 'node:path';

import { buildAccess, READ } from '../addons/access.ts';
import { KWOK_PORT, SIMULATED_NODE_ADDRESS, SIMULATED_RANGE } from '../cluster/addresses.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { PLAYED } from './nodes.ts';

const LEASE_SECONDS = 40;

export function stagesFile(paths: ClusterPaths): string {
  return join(paths.configDir, 'stages.yaml');
}

export function kwokSpec(input: { command: string; paths: ClusterPaths }): ComponentSpec {
  return {
    name: 'kwok',
    command: input.command,
    args: [
      `--config=${stagesFile(input.paths)}`,
      `--kubeconfig=${join(input.paths.configDir, 'kwok.kubeconfig')}`,
      '--manage-all-nodes=false',
      `--manage-nodes-with-annotation-selector=${PLAYED.key}=${PLAYED.value}`,
      `--node-lease-duration-seconds=${LEASE_SECONDS}`,
      `--node-ip=${SIMULATED_NODE_ADDRESS}`,
      `--cidr=${SIMULATED_RANGE}`,
      `--server-address=127.0.0.1:${KWOK_PORT}`,
    ],
  };
}

export function buildKwokAccess(): KubeObject[] {
  return buildAccess('urumi:kwok', [
    { apiGroups: [''], resources: ['nodes'], verbs: READ },
    { apiGroups: [''], resources: ['pods'], verbs: [...READ, 'delete', 'patch', 'update'] },
    { apiGroups: [''], resources: ['nodes/status', 'pods/status'], verbs: ['patch', 'update'] },
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...READ, 'create', 'patch', 'update'] },
  ]);
}
