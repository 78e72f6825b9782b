/** Medians: of any numbers, and of how long stores take from the request to their first served page. */
import type { StoreRecord } from '@urumi/shared/domain/store';

/** @returns the median in milliseconds, or `null` where no store has served yet */
export function findMedianReadyMs(records: readonly Pick<StoreRecord, 'identity' | 'observed'>[]): number | null {
  return findMedian(
    records.flatMap(({ identity, observed }) =>
      observed.servedAt === null ? [] : [observed.servedAt - identity.createdAt],
    ),
  );
}

/** @returns the median, rounded; `null` of nothing */
export function findMedian(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? upper;
  return Math.round((lower + upper) / 2);
}
