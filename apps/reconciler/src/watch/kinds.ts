/** The kinds of objects that are watched: where the API has them, which ones, and what is kept of each. */
import { labels } from '@urumi/shared/k8s/labels';
import { parseNamespaceName } from '@urumi/shared/k8s/names';
import type { z } from 'zod';
import { claimFacts, jobFacts, namespaceFacts, podFacts, workloadFacts, type Kept } from './facts.ts';
import { bindingFacts, guardFacts, managedFacts, volumeFacts } from './guard-facts.ts';

export interface Kind<T extends Kept> {
  /** As the API calls it in paths. */
  readonly resource: string;
  /** Path below which namespaces and objects live. */
  readonly root: string;
  readonly labelSelector: string;
  readonly schema: z.ZodType<T>;
  /** The store an object belongs to, by its namespace's name; `null` for a foreign one. */
  readonly toStoreId: (object: Kept) => string | null;
}

const ofStore = { labelSelector: labels.storeId, toStoreId: (object: Kept) => parseNamespaceName(object.namespace) };

export const deployments = { resource: 'deployments', root: '/apis/apps/v1', schema: workloadFacts, ...ofStore };
export const statefulSets = { resource: 'statefulsets', root: '/apis/apps/v1', schema: workloadFacts, ...ofStore };
export const jobs = { resource: 'jobs', root: '/apis/batch/v1', schema: jobFacts, ...ofStore };
export const pods = { resource: 'pods', root: '/api/v1', schema: podFacts, ...ofStore };
export const claims = { resource: 'persistentvolumeclaims', root: '/api/v1', schema: claimFacts, ...ofStore };

const networking = '/apis/networking.k8s.io/v1';
export const networkPolicies = { resource: 'networkpolicies', root: networking, schema: guardFacts, ...ofStore };
export const quotas = { resource: 'resourcequotas', root: '/api/v1', schema: guardFacts, ...ofStore };
export const limitRanges = { resource: 'limitranges', root: '/api/v1', schema: guardFacts, ...ofStore };
export const services = { resource: 'services', root: '/api/v1', schema: managedFacts, ...ofStore };
export const ingresses = { resource: 'ingresses', root: networking, schema: managedFacts, ...ofStore };
/** All of a store's namespace, for one that is not ours gives somebody rights there. */
export const bindings = {
  resource: 'rolebindings',
  root: '/apis/rbac.authorization.k8s.io/v1',
  schema: bindingFacts,
  ...ofStore,
  labelSelector: '',
};
/** Belong to no namespace; a store's are found by the claim they were made for. */
export const volumes = {
  resource: 'persistentvolumes',
  root: '/api/v1',
  schema: volumeFacts,
  labelSelector: '',
  toStoreId: () => null,
};

/** Namespaces are *ours* by the installation's id. */
export function buildNamespaceKind(installationId: string) {
  return {
    resource: 'namespaces',
    root: '/api/v1',
    labelSelector: `${labels.installation}=${installationId}`,
    schema: namespaceFacts,
    toStoreId: (object: Kept) => parseNamespaceName(object.name),
  };
}

/** Path of a kind across all namespaces, or in one. */
export function toPath(kind: Pick<Kind<Kept>, 'root' | 'resource'>, namespace?: string): string {
  return namespace === undefined
    ? `${kind.root}/${kind.resource}`
    : `${kind.root}/namespaces/${namespace}/${kind.resource}`;
}
