/** When a wish has taken too long. Pure. Counts from the moment its release was applied: before that, tries are counted. */
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
  const { desired, release, status } = record;
  const isApplied = desired.intent === 'present' && release.generationApplied === desired.generation;
  if (!isApplied || release.appliedAt === null || status.value !== 'provisioning') return null;
  const byRecord = release.appliedAt + settings.provisioningDeadlineMs - now;
  return Math.max(0, byRecord, settings.watchGraceMs - watchedMs);
}
