/** Cluster objects for tests as the API server sends them, cut to what matters. */
import { annotations, labels } from '@urumi/shared/k8s/labels';
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
      labels: { [labels.installation]: installation, [labels.storeId]: storeId },
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

export const complete = [{ type: 'Complete', status: 'True' }];
