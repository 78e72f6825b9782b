/** The process that enforces NetworkPolicy objects. */
import { join } from 'node:path';

import type { ClusterPaths } from '../cluster/paths.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { ComponentSpec } from '../supervise/component.ts';
import { buildAccess, READ } from './access.ts';

export function policySpec(paths: ClusterPaths): ComponentSpec {
  const program = join(import.meta.dirname, '..', 'policy', 'enforcer.ts');
  return {
    name: 'network-policy',
    command: process.execPath,
    args: [program, join(paths.configDir, 'network-policy.kubeconfig')],
  };
}

export function buildPolicyObjects(): KubeObject[] {
  return buildAccess('urumi:network-policy', [
    { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: READ },
  ]);
}
