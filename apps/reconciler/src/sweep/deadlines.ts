/** When a wish has taken too long. Pure. Counts from the moment its release was applied: before that, tries are counted. */
import { findDeadline } from '@urumi/shared/domain/deadline';
import type { StoreRecord } from '@urumi/shared/domain/store';

export interface DeadlineSettings {
  readonly provisioningDeadlineMs: number;
  /** This process itself must have watched the wish for so long: what it did not see, it does not judge. */
  readonly watchGraceMs: number;
}

/**
 * @param now  Redis time of the record's read, in milliseconds
 * @param watchedMs  how long this process has watched the present wish without a gap
 * @returns milliseconds left, 0 where the deadline has passed; `null` where none runs
 */
export function findTimeLeft(
  record: StoreRecord,
  now: number,
  watchedMs: number,
  settings: DeadlineSettings,
): number | null {
  // A deletion has one too; it never fails by it, see `observe/teardown.ts`.
  if (record.desired.intent === 'absent') return null;
  const deadline = findDeadline(record, { ...settings, teardownStalledMs: 0 });
  return deadline === null ? null : Math.max(0, deadline - now, settings.watchGraceMs - watchedMs);
}
