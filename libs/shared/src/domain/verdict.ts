/**
 * Words for what the reconciler sees. A *verdict* is its conclusion about a store, a *reason* names why, an
 * *explanation* carries the evidence a person needs. Reasons are for evidence; failures of an attempt have error codes.
 */
import { z } from 'zod';

export const reasons = [
  'AwaitingWorker',
  'AwaitingCluster',
  'CreatesPaused',
  'AwaitingNamespace',
  'AwaitingRelease',
  'AwaitingWorkloads',
  'AwaitingSetup',
  'AwaitingPage',
  'Retrying',
  'Healthy',
  'Changing',
  'ChangeFailed',
  'WorkloadUnavailable',
  'PageFailing',
  'ImagePullFailing',
  'Unschedulable',
  'VolumePending',
  'QuotaExceeded',
  'CrashLooping',
  'OutOfMemory',
  'NodeLost',
  'NetworkFailing',
  'DatabaseRefused',
  'VolumeFull',
  'DataLost',
  'SetupFailed',
  'DeadlinePassed',
  'NamespaceLost',
  'GaveUp',
  'Halted',
  'TearingDown',
  'TeardownStalled',
  'NamespaceStuckTerminating',
  'Gone',
] as const;
export const reasonSchema = z.enum(reasons);
export type Reason = z.infer<typeof reasonSchema>;

/** Every part that a store of some engine has; which ones, its descriptor says (`engines/catalog.ts`). */
export const componentNames = ['database', 'server', 'storefront', 'web', 'setup', 'page'] as const;
export type ComponentName = (typeof componentNames)[number];

/** Evidence about one part of a store. `detail` is one plain line for people, already redacted and bounded. */
export const componentSchema = z.object({
  name: z.enum(componentNames),
  state: z.enum(['missing', 'waiting', 'ready', 'failing']),
  detail: z.string(),
});
export type Component = z.infer<typeof componentSchema>;

/** Evidence for a bad verdict: the failing object, its last log lines and events; bounded by the reconciler. */
export const explanationSchema = z.object({
  object: z.string(),
  message: z.string(),
  logLines: z.array(z.string()),
  events: z.array(z.string()),
});
export type Explanation = z.infer<typeof explanationSchema>;

/**
 * What is worth knowing beside the verdict and changes nothing about it: an edited object, a name that does not resolve. Plain
 * lines, redacted and bounded by the reconciler.
 */
export const notesSchema = z.array(z.string()).default([]);

/**
 * `progressing`: not there yet, nothing wrong; `hindered`: not there yet and a named thing is in the way;
 * `healthy`: setup done, workloads current, page proven; `unhealthy`: was or could be serving, is not;
 * `fatal`: cannot become healthy without a new wish.
 */
export const verdictSchema = z.enum(['progressing', 'hindered', 'healthy', 'unhealthy', 'fatal']);
export type Verdict = z.infer<typeof verdictSchema>;
