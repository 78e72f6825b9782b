/**
 * What the reconciler keeps of cluster objects: small facts, parsed from the API's JSON. Everything else of an object is
 * dropped here, so a thousand stores fit into memory. Texts are bounded; nothing in them is trusted.
 */
import { annotations, labels, podSecurityLabels } from '@urumi/shared/k8s/labels';
import { z } from 'zod';
import { findEditors, managedFields } from './guard-facts.ts';

const text = (max: number) => z.string().transform((value) => value.slice(0, max));
const count = z.number().default(0);

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: text(100).default(''),
  message: text(500).default(''),
});
export type Condition = z.infer<typeof conditionSchema>;
const conditions = z
  .array(conditionSchema)
  .nullish()
  .transform((list) => list ?? []);

const metadataSchema = z
  .object({
    name: z.string(),
    namespace: z.string().default(''),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z.number().default(0),
    creationTimestamp: z.string().default(''),
    deletionTimestamp: z.string().optional(),
    finalizers: z.array(z.string()).default([]),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    managedFields,
  })
  .transform((m) => ({
    name: m.name,
    namespace: m.namespace,
    uid: m.uid,
    resourceVersion: m.resourceVersion,
    specGeneration: m.generation,
    createdAt: m.creationTimestamp,
    isTerminating: m.deletionTimestamp !== undefined,
    finalizers: m.finalizers,
    component: m.labels[labels.component] ?? '',
    installation: m.labels[labels.installation] ?? null,
    isPodSecurityWhole: Object.entries(podSecurityLabels).every(([key, value]) => m.labels[key] === value),
    editors: findEditors(m.managedFields),
    /** Generation of the wish this object was applied for; 0 where it does not say. */
    generation: toGeneration(m.annotations[annotations.generation]),
    stamp: m.annotations[annotations.wish],
    /** Whether a setup Job fills the shop, or it comes filled. Objects that do not say wait for a Job. */
    setup: m.annotations[annotations.setup] === 'template' ? ('template' as const) : ('job' as const),
  }));

const object = z.object({ metadata: metadataSchema });

/** Identity that every kept object has. */
export interface Kept {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

export const namespaceFacts = object
  .extend({ status: z.object({ conditions }).prefault({}) })
  .transform(({ metadata: m, status }) => ({
    ...pickIdentity(m),
    installation: m.installation,
    /** True where the labels that keep privileged pods out are all as the worker wrote them. */
    isPodSecurityWhole: m.isPodSecurityWhole,
    isTerminating: m.isTerminating,
    finalizers: m.finalizers,
    stamp: m.stamp,
    conditions: status.conditions,
  }));
export type NamespaceFacts = z.infer<typeof namespaceFacts>;

/** A Deployment or a StatefulSet. */
export const workloadFacts = object
  .extend({
    spec: z.object({ replicas: z.number().default(1) }).prefault({}),
    status: z
      .object({
        observedGeneration: count,
        replicas: count,
        updatedReplicas: count,
        availableReplicas: count,
        currentRevision: z.string().optional(),
        updateRevision: z.string().optional(),
        conditions,
      })
      .prefault({}),
  })
  .transform(({ metadata: m, spec, status }) => ({
    ...pickIdentity(m),
    component: m.component,
    generation: m.generation,
    setup: m.setup,
    /** Who but helm edited its spec. */
    editors: m.editors,
    isTerminating: m.isTerminating,
    replicas: spec.replicas,
    /** True where every replica runs the newest template and no older one is left. */
    isRolledOut:
      status.observedGeneration >= m.specGeneration &&
      status.updatedReplicas >= spec.replicas &&
      status.replicas <= status.updatedReplicas &&
      status.currentRevision === status.updateRevision,
    available: status.availableReplicas,
    replicaFailure:
      status.conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True')?.message ?? null,
  }));
export type WorkloadFacts = z.infer<typeof workloadFacts>;

export const jobFacts = object
  .extend({
    spec: z.object({ backoffLimit: z.number().default(6) }).prefault({}),
    status: z.object({ active: count, failed: count, conditions }).prefault({}),
  })
  .transform(({ metadata: m, spec, status }) => ({
    ...pickIdentity(m),
    generation: m.generation,
    isTerminating: m.isTerminating,
    tries: spec.backoffLimit + 1,
    active: status.active,
    failed: status.failed,
    isComplete: status.conditions.some(({ type, status: is }) => type === 'Complete' && is === 'True'),
    failure: status.conditions.find(({ type, status: is }) => type === 'Failed' && is === 'True') ?? null,
  }));
export type JobFacts = z.infer<typeof jobFacts>;

const containerStatuses = z
  .array(
    z
      .object({
        name: z.string(),
        image: z.string().default(''),
        ready: z.boolean().default(false),
        restartCount: count,
        state: z
          .object({
            waiting: z.object({ reason: text(100).default(''), message: text(500).default('') }).optional(),
            terminated: z.object({ exitCode: z.number(), reason: text(100).default('') }).optional(),
          })
          .prefault({}),
        lastState: z
          .object({ terminated: z.object({ exitCode: z.number(), reason: text(100).default('') }).optional() })
          .prefault({}),
      })
      .transform((c) => ({
        name: c.name,
        image: c.image,
        isReady: c.ready,
        restarts: c.restartCount,
        waiting: c.state.waiting ?? null,
        /** How the container ended last, also where it runs again. */
        ended: c.state.terminated ?? c.lastState.terminated ?? null,
      })),
  )
  .nullish()
  .transform((list) => list ?? []);
export type ContainerFacts = z.infer<typeof containerStatuses>[number];

export const podFacts = object
  .extend({
    spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string().default('') })) }),
    status: z
      .object({
        phase: z.string().default('Pending'),
        reason: text(100).default(''),
        message: text(500).default(''),
        conditions,
        initContainerStatuses: containerStatuses,
        containerStatuses,
      })
      .prefault({}),
  })
  .transform(({ metadata: m, spec, status }) => ({
    ...pickIdentity(m),
    component: m.component,
    isTerminating: m.isTerminating,
    /** ISO time by the API server's clock: good for ordering, never compared with another clock. */
    createdAt: m.createdAt,
    phase: status.phase,
    scheduling: status.conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False') ?? null,
    /**
     * The node's kubelet is silent: the controller says so on the pod's Ready condition while its containers stand as the kubelet
     * last told them, or gives the pod up (node lifecycle and taint eviction controllers, Kubernetes 1.36).
     */
    isCutOff:
      status.reason === 'NodeLost' ||
      status.conditions.some(({ reason }) => reason === 'DeletionByTaintManager') ||
      (status.phase === 'Running' &&
        status.containerStatuses.length > 0 &&
        status.containerStatuses.every(({ isReady }) => isReady) &&
        status.conditions.some(({ type, status: is, reason }) => type === 'Ready' && is !== 'True' && reason === '')),
    containers: [...status.initContainerStatuses, ...status.containerStatuses].map((container) => ({
      ...container,
      // The status of a container that never ran may hold a digest or nothing; people know the image by the name they gave.
      image: spec.containers.find(({ name }) => name === container.name)?.image ?? container.image,
    })),
  }));
export type PodFacts = z.infer<typeof podFacts>;

export const claimFacts = object
  .extend({
    spec: z.object({ storageClassName: z.string().nullish() }).prefault({}),
    status: z.object({ phase: z.string().default('Pending') }).prefault({}),
  })
  .transform(({ metadata: m, spec, status }) => ({
    ...pickIdentity(m),
    component: m.component,
    isTerminating: m.isTerminating,
    storageClass: spec.storageClassName ?? null,
    phase: status.phase,
  }));
export type ClaimFacts = z.infer<typeof claimFacts>;

/** Read on demand, never watched: a crash-looping store would flood the watch. */
export const eventFacts = z
  .object({
    involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
    reason: text(100).nullish(),
    message: text(500).nullish(),
    count: z.number().nullish(),
  })
  .transform((e) => ({
    kind: e.involvedObject.kind,
    name: e.involvedObject.name,
    reason: e.reason ?? '',
    message: e.message ?? '',
    count: e.count ?? 1,
  }));
export type EventFacts = z.infer<typeof eventFacts>;

/** Any object, as far as it may keep a namespace from going. */
export const finalizedFacts = object
  .extend({
    spec: z
      .object({
        volumes: z
          .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
          .nullish()
          .transform((list) => list ?? []),
      })
      // Specs of other kinds are not ours to know.
      .catch({ volumes: [] }),
  })
  .transform(({ metadata: m, spec }) => ({
    name: m.name,
    finalizers: m.finalizers,
    /** Claims that a pod holds. */
    claims: spec.volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim ? [claim.claimName] : [])),
  }));
export type FinalizedFacts = z.infer<typeof finalizedFacts>;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().default('') }),
  items: z.array(z.unknown()).nullish(),
});

/** A list as the API sends it, each item parsed by `schema`. */
export function parseList<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { items: T[]; resourceVersion: string; next: string } {
  const list = listSchema.parse(value);
  const items = (list.items ?? []).map((item) => schema.parse(item));
  return { items, resourceVersion: list.metadata.resourceVersion, next: list.metadata.continue };
}

function pickIdentity({ name, namespace, uid, resourceVersion }: Kept): Kept {
  return { name, namespace, uid, resourceVersion };
}

function toGeneration(value: string | undefined): number {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : 0;
}
