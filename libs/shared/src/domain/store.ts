/**
 * The record of one store: what is wished and what is known. A section has one writer (named per schema); nobody edits a
 * section directly, events do (`events.ts`, `reduce.ts`). Times are Redis time in milliseconds since the epoch.
 */
import { z } from 'zod';
import { engineSchema } from './engines/catalog.ts';
import { errorKinds, type ErrorCode } from './errors.ts';
import { planSchema } from './plans.ts';
import {
  componentSchema,
  explanationSchema,
  notesSchema,
  reasonSchema,
  verdictSchema,
  type Reason,
} from './verdict.ts';

/**
 * Raised with every change of shape; a process parks work whose record is newer than it understands. A further error code or
 * reason is no change of shape: one that this release does not know is read as the plainest of its kind, so that in a
 * roll-out the older processes work on. They write the section back only where they change it.
 */
export const recordSchemaNumber = 3;

const count = z.int().min(0);
const time = z.int().min(0);
/** Of a code of a newer release only its message is told. */
const errorCodeSchema = z.union([
  z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]),
  z.string().transform((): ErrorCode => 'helm.unclassified'),
]);

/** Written once, by the api (or by adoption from a stamp). */
export const identitySchema = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  engine: engineSchema,
  createdAt: time,
});
export type Identity = z.infer<typeof identitySchema>;

/**
 * Written by the api: the newest wish. `generation` rises with every new wish. `formerHosts` are hosts of older wishes that
 * may still be routed in the cluster; they stay claimed until the newest wish is applied (`hosts.ts`).
 */
export const desiredSchema = z.object({
  intent: z.enum(['present', 'absent']),
  generation: z.int().min(1),
  plan: planSchema,
  host: z.string(),
  formerHosts: z.array(z.string()),
  setupRun: z.int().min(1),
  recreateAllowed: z.boolean(),
  halted: z.boolean(),
  requestedAt: time,
});
export type Desired = z.infer<typeof desiredSchema>;

/** One failure of an attempt, safe to show. `message` is one bounded, redacted line. */
export const failureSchema = z.object({ code: errorCodeSchema, message: z.string(), at: time });
export type Failure = z.infer<typeof failureSchema>;

export const attemptSteps = ['starting', 'namespace', 'unlock', 'release', 'teardown', 'ended'] as const;
export const attemptStepSchema = z.enum(attemptSteps);
export type AttemptStep = z.infer<typeof attemptStepSchema>;

/**
 * Written by the worker. `startsUsed` counts starts of `generation`; `gaveUp` holds for that generation only. `stepAt` is the
 * time `step` began.
 */
export const attemptSchema = z.object({
  fence: count,
  generation: count,
  startsUsed: count,
  step: attemptStepSchema,
  stepAt: time,
  startedAt: time,
  nextTryAt: time.nullable(),
  lastFailure: failureSchema.nullable(),
  gaveUp: failureSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** When a step of the worker that succeeded had begun, and in which start of its generation. */
export const stepStartSchema = z.object({ at: time, attempt: count });
export type StepStart = z.infer<typeof stepStartSchema>;

/**
 * Written by the worker: what was put into the cluster. `teardownGeneration` 0 = never torn down; `host` is the one that the
 * applied release routes.
 */
export const releaseSchema = z.object({
  generationApplied: count,
  host: z.string().nullable(),
  namespaceStart: stepStartSchema.nullable(),
  applyStart: stepStartSchema.nullable(),
  chartVersion: z.string().nullable(),
  namespaceUid: z.string().nullable(),
  namespaceEnsuredAt: time.nullable(),
  appliedAt: time.nullable(),
  teardownGeneration: count,
  teardownAt: time.nullable(),
  driftAnswered: count,
});
export type Release = z.infer<typeof releaseSchema>;

/**
 * Written by the reconciler: evidence. `goneGeneration` = the teardown generation after which the namespace was absent;
 * `lostUid` = the namespace that was found lost (`isLost`).
 */
export const observedSchema = z.object({
  verdict: verdictSchema.nullable(),
  /** Of a reason of a newer release the verdict is left, and with it the explanation. */
  reason: z.union([reasonSchema, z.string().transform(() => null)]).nullable(),
  components: z.array(componentSchema),
  explanation: explanationSchema.nullable(),
  notes: notesSchema,
  generationSeen: count,
  unhealthySince: time.nullable(),
  served: z.boolean(),
  servedAt: time.nullable(),
  setupDone: z.boolean(),
  lostGeneration: count,
  lostUid: z.string().nullable(),
  deadlineGeneration: count,
  goneGeneration: count,
  drift: count,
  fingerprint: z.string(),
  observedAt: time.nullable(),
  componentReadyAt: z.record(z.string(), time),
});
export type Observed = z.infer<typeof observedSchema>;

export const statuses = ['queued', 'provisioning', 'ready', 'degraded', 'failed', 'deleting', 'deleted'] as const;
export type StatusValue = (typeof statuses)[number];

/** What a status says where its reason is one of a newer release, until the status is derived again. */
const plainReasons: Readonly<Record<StatusValue, Reason>> = {
  queued: 'AwaitingWorker',
  provisioning: 'AwaitingWorkloads',
  ready: 'Changing',
  degraded: 'WorkloadUnavailable',
  failed: 'GaveUp',
  deleting: 'TearingDown',
  deleted: 'Gone',
};

export const statusSchema = z
  .object({ value: z.enum(statuses), reason: z.string(), since: time, settled: z.boolean() })
  .transform((status) => ({
    ...status,
    reason: reasonSchema.safeParse(status.reason).data ?? plainReasons[status.value],
  }));
export type Status = z.infer<typeof statusSchema>;

/** The whole record as one value. In Redis every section is a hash field of its own, beside `version` and `schema`. */
export const recordSchema = z.object({
  identity: identitySchema,
  desired: desiredSchema,
  attempt: attemptSchema,
  release: releaseSchema,
  observed: observedSchema,
  status: statusSchema,
});
export type StoreRecord = z.infer<typeof recordSchema>;
export const sectionNames = ['identity', 'desired', 'attempt', 'release', 'observed', 'status'] as const;
export type SectionName = (typeof sectionNames)[number];

/** What is left of a deleted store for 30 days. */
export const tombstoneSchema = z.object({
  identity: identitySchema,
  plan: planSchema,
  host: z.string(),
  generation: count,
  deletedAt: time,
  explanation: explanationSchema.nullable(),
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

export const emptyAttempt: Attempt = {
  fence: 0,
  generation: 0,
  startsUsed: 0,
  step: 'ended',
  stepAt: 0,
  startedAt: 0,
  nextTryAt: null,
  lastFailure: null,
  gaveUp: null,
};

export const emptyRelease: Release = {
  generationApplied: 0,
  host: null,
  namespaceStart: null,
  applyStart: null,
  chartVersion: null,
  namespaceUid: null,
  namespaceEnsuredAt: null,
  appliedAt: null,
  teardownGeneration: 0,
  teardownAt: null,
  driftAnswered: 0,
};

export const emptyObserved: Observed = {
  verdict: null,
  reason: null,
  components: [],
  explanation: null,
  notes: [],
  generationSeen: 0,
  unhealthySince: null,
  served: false,
  servedAt: null,
  setupDone: false,
  lostGeneration: 0,
  lostUid: null,
  deadlineGeneration: 0,
  goneGeneration: 0,
  drift: 0,
  fingerprint: '',
  observedAt: null,
  componentReadyAt: {},
};
