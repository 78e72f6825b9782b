/** Which reasons are more than a wait. Apart from `verdict.ts` so that the browser does not carry its schemas. */
import type { Reason } from './verdict.ts';

const hindrances: ReadonlySet<Reason> = new Set<Reason>([
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
]);

/** True for reasons that name a thing that is in the way of a store that is being made. */
export function isHindrance(reason: Reason): boolean {
  return hindrances.has(reason);
}
