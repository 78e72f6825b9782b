/**
 * What is kept of a store's guardrails, routes and bindings: enough to say whether somebody edited them, and who. Specs
 * themselves are dropped here.
 */
import { annotations } from '@urumi/shared/k8s/labels';
import { hashSpec } from '@urumi/shared/k8s/spec-hash';
import { z } from 'zod';

const managersMax = 3;
const nameMax = 60;

export const managedFields = z
  .array(
    z.object({
      manager: z.string().default('unknown'),
      operation: z.string().default(''),
      subresource: z.string().default(''),
      fieldsV1: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .default([]);

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  resourceVersion: z.string(),
  deletionTimestamp: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  managedFields,
});

const pickIdentity = ({ name, namespace, uid, resourceVersion, deletionTimestamp }: z.infer<typeof metadata>) => ({
  name,
  namespace,
  uid,
  resourceVersion,
  isTerminating: deletionTimestamp !== undefined,
});

/** A NetworkPolicy, ResourceQuota or LimitRange. The chart wrote the hash of its spec beside it. */
export const guardFacts = z
  .object({ kind: z.string().optional(), metadata, spec: z.unknown() })
  .transform((object) => ({
    ...pickIdentity(object.metadata),
    /** False for one of an older chart, or of somebody else: it bears no hash. */
    isMarked: object.metadata.annotations[annotations.specHash] !== undefined,
    isAsRendered: object.metadata.annotations[annotations.specHash] === hashSpec(object.spec ?? {}),
  }));
export type GuardFacts = z.infer<typeof guardFacts>;

/**
 * A Service, an Ingress or a workload. The API server adds to their specs, so a hash tells nothing; who owns fields does.
 * What was only taken away has no owner and is not seen.
 */
export const managedFacts = z.object({ metadata }).transform((object) => ({
  ...pickIdentity(object.metadata),
  editors: findEditors(object.metadata.managedFields),
}));
export type ManagedFacts = z.infer<typeof managedFacts>;

/** @returns who but helm owns a part of the spec. A status is its controllers' own. */
export function findEditors(fields: z.infer<typeof managedFields>): string[] {
  const editors = fields
    .filter(({ manager, operation }) => !(manager === 'helm' && operation === 'Apply'))
    .filter(({ subresource, fieldsV1 }) => subresource !== 'status' && 'f:spec' in fieldsV1)
    .map(({ manager }) => manager.slice(0, nameMax));
  return [...new Set(editors)].slice(0, managersMax);
}

export const bindingFacts = z
  .object({
    metadata,
    roleRef: z.object({ kind: z.string().default(''), name: z.string().default('') }),
    subjects: z
      .array(
        z.object({ kind: z.string().default(''), name: z.string().default(''), namespace: z.string().default('') }),
      )
      .nullish()
      .transform((list) => list ?? []),
  })
  .transform((object) => ({
    ...pickIdentity(object.metadata),
    role: `${object.roleRef.kind}/${object.roleRef.name}`,
    /** As `User/urumi:api` or `ServiceAccount/<namespace>/<name>`. */
    subjects: object.subjects.map((one) => [one.kind, one.namespace, one.name].filter(Boolean).join('/')),
  }));
export type BindingFacts = z.infer<typeof bindingFacts>;

/** A volume that was made for a claim of a store. */
export const volumeFacts = z
  .object({
    metadata,
    spec: z
      .object({
        claimRef: z.object({ namespace: z.string().default(''), name: z.string().default('') }).prefault({}),
        persistentVolumeReclaimPolicy: z.string().default('Delete'),
      })
      .prefault({}),
    status: z.object({ phase: z.string().default('') }).prefault({}),
  })
  .transform(({ metadata: m, spec, status }) => ({
    ...pickIdentity(m),
    claimNamespace: spec.claimRef.namespace,
    claim: spec.claimRef.name,
    isRetained: spec.persistentVolumeReclaimPolicy !== 'Delete',
    phase: status.phase,
  }));
export type VolumeFacts = z.infer<typeof volumeFacts>;
