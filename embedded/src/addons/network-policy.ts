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
    args: [program, join(paths.configDir, 'network-policy.kubeconfig'), paths.networkName],
  };
}

export function buildPolicyObjects(): KubeObject[] {
  const access = buildAccess('urumi:network-policy', [
    { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: READ },
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: READ },
  ]);
  return [...access, ...buildRefusal()];
}

/** What the enforcer does not do is refused when it is asked for, instead of being quietly closed or open. */
function buildRefusal(): KubeObject[] {
  const name = 'urumi-embedded-network-policies';
  const rules = (direction: string) => `(has(object.spec.${direction}) ? object.spec.${direction} : [])`;
  const everyPort = (test: string) =>
    ['ingress', 'egress']
      .map((direction) => `${rules(direction)}.all(rule, (has(rule.ports) ? rule.ports : []).all(port, ${test}))`)
      .join(' && ');
  const kind = 'admissionregistration.k8s.io/v1';
  const policy = {
    apiVersion: kind,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['networking.k8s.io'],
            apiVersions: ['v1'],
            resources: ['networkpolicies'],
            operations: ['CREATE', 'UPDATE'],
          },
        ],
      },
      validations: [
        {
          expression: everyPort('!has(port.port) || type(port.port) == int'),
          message:
            'the embedded cluster enforces ports by number only: write the number of the container port, not its name',
        },
        {
          expression: everyPort("!has(port.protocol) || port.protocol in ['TCP', 'UDP']"),
          message: 'the embedded cluster enforces TCP and UDP only',
        },
      ],
    },
  };
  const binding = {
    apiVersion: kind,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  return [policy, binding];
}
