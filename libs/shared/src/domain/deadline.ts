/**
 * Until when a store may stay as it is while something is under way. Pure. Promise 8: whatever is in progress has a reason,
 * and either this deadline or a worker that owes it something, whose tries are counted.
 */
import type { StoreRecord } from './store.ts';

/** All in milliseconds. */
export interface DeadlineTimes {
  /** From the moment a release was applied to its proof. */
  readonly provisioningDeadlineMs: number;
  /** From the teardown to the moment in which it is told what holds it up. */
  readonly teardownStalledMs: number;
}

/**
 * @returns Redis time in milliseconds; `null` for a settled store, and for one the worker owes something (`isOwed`)
 *
 * For a wish to have a store: it fails then, or its change does. For a deletion, which never fails: what blocks it is named.
 */
export function findDeadline(record: StoreRecord, times: DeadlineTimes): number | null {
  const { desired, release, status } = record;
  if (status.settled) return null;
  const { teardownAt, teardownGeneration, appliedAt, generationApplied } = release;
  const { generation } = desired;
  if (desired.intent === 'absent') {
    return teardownGeneration === generation && teardownAt !== null ? teardownAt + times.teardownStalledMs : null;
  }
  return generationApplied === generation && appliedAt !== null ? appliedAt + times.provisioningDeadlineMs : null;
}
