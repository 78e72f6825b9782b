/** Cluster objects for tests as the API server sends them, cut to what matters. */
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import { annotations, labels, podSecurityLabels } from '@urumi/shared/k8s/labels';
import {
  adminReaderBinding,
  adminReaderRole,
  dataClaims,
  guardrails,
  installerAccount,
  installerRole,
  type GuardrailKind,
} from '@urumi/shared/k8s/names';
import { hashSpec } from '@urumi/shared/k8s/spec-hash';
import type { RawObject } from './fake-api-server.ts';

const toMetadata = (storeId: string, name: string, component: string, generation: number): RawObject['metadata'] => ({
  name,
  namespace: `store-${storeId}`,
  generation: 1,
  creationTimestamp: '2026-11-01T10:00:00Z',
  labels: { [labels.storeId]: storeId, [labels.component]: component },
  annotations: { [annotations.generation]: String(generation) },
});

export function rawNamespace(storeId: string, stamp?: string, installation = 'urumi'): RawObject {
  return {
    metadata: {
      name: `store-${storeId}`,
      labels: { [labels.installation]: installation, [labels.storeId]: storeId, ...podSecurityLabels },
      annotations: stamp === undefined ? {} : { [annotations.wish]: stamp },
    },
    status: { phase: 'Active' },
  };
}

export function rawWorkload(
  storeId: string,
  component: string,
  { available = 1, generation = 1, setup = 'job' } = {},
): RawObject {
  const metadata = toMetadata(storeId, `store-${component}`, component, generation);
  return {
    metadata: { ...metadata, annotations: { ...metadata.annotations, [annotations.setup]: setup } },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: available },
  };
}

export function rawJob(storeId: string, conditions: readonly object[], generation = 1): RawObject {
  return {
    metadata: toMetadata(storeId, 'store-setup-1-0a1b2c3d', 'setup', generation),
    spec: { backoffLimit: 3 },
    status: { conditions },
  };
}

export function rawPod(
  storeId: string,
  component: string,
  name: string,
  status: object = { phase: 'Running' },
): RawObject {
  return {
    metadata: toMetadata(storeId, name, component, 0),
    spec: { containers: [{ name: component, image: `shop/${component}:1` }] },
    status,
  };
}

export const guardResources: Readonly<Record<GuardrailKind, string>> = {
  NetworkPolicy: 'networkpolicies',
  ResourceQuota: 'resourcequotas',
  LimitRange: 'limitranges',
};

/** A guardrail as the chart renders it; `spec` other than `rendered` is an edited one. */
export function rawGuard(storeId: string, name: string, spec: object = { podSelector: {} }): RawObject {
  const metadata = toMetadata(storeId, name, 'guardrails', 1);
  const rendered = hashSpec({ podSelector: {} });
  return {
    metadata: { ...metadata, annotations: { ...metadata.annotations, [annotations.specHash]: rendered } },
    spec,
  };
}

export function rawBinding(storeId: string, name: string, role: string, subject: object): RawObject {
  const metadata = { name, namespace: `store-${storeId}` };
  return { metadata, roleRef: { kind: 'ClusterRole', name: role }, subjects: [subject] };
}

export function rawClaim(storeId: string, name: string, phase = 'Bound'): RawObject {
  return { metadata: toMetadata(storeId, name, 'database', 1), spec: {}, status: { phase } };
}

/** Everything beside workloads that a store's namespace holds once it was applied, by the API's name of its kind. */
export function rawSurroundings(storeId: string, engine: EngineId): (readonly [string, RawObject])[] {
  const installer = { kind: 'ServiceAccount', namespace: `store-${storeId}`, name: installerAccount };
  return [
    ...guardrails[engine].map(([kind, name]) => [guardResources[kind], rawGuard(storeId, name)] as const),
    ['rolebindings', rawBinding(storeId, installerAccount, installerRole, installer)],
    ['rolebindings', rawBinding(storeId, adminReaderBinding, adminReaderRole, { kind: 'User', name: 'urumi:api' })],
    ...dataClaims.map((name) => ['persistentvolumeclaims', rawClaim(storeId, name)] as const),
  ];
}

export const complete = [{ type: 'Complete', status: 'True' }];
