/** How long stores take from the request to their first served page. */
import type { StoreRecord } from '@urumi/shared/domain/store';

/** @returns the median in milliseconds, or `null` where no store has served yet */
export function findMedianReadyMs(records: readonly Pick<StoreRecord, 'identity' | 'observed'>[]): number | null {
  const durations = records
    .flatMap(({ identity, observed }) => (observed.servedAt === null ? [] : [observed.servedAt - identity.createdAt]))
    .sort((a, b) => a - b);
  const middle = Math.floor(durations.length / 2);
  const upper = durations[middle];
  if (upper === undefined) return null;
  const lower = durations[durations.length % 2 === 0 ? middle - 1 : middle] ?? upper;
  return Math.round((lower + upper) / 2);
}
