/** What past runs say about a length: the median is usual, the 90th percentile is where longer than usual begins. Pure. */
import type { StoreRecord } from '@urumi/shared/domain/store';

/** Milliseconds. */
export interface UsualLength {
  /** Median; a run that was slow once does not move it. */
  readonly usualMs: number;
  /** At most a tenth of the past runs took longer. */
  readonly slowMs: number;
}

/** Fewer runs say more about chance than about what is usual. */
export const runsMin = 5;

/** @returns `null` of fewer than {@link runsMin} lengths */
export function findUsualLength(lengthsMs: readonly number[]): UsualLength | null {
  const usualMs = findMedian(lengthsMs);
  const slowMs = sort(lengthsMs)[Math.ceil(lengthsMs.length * 0.9) - 1];
  return lengthsMs.length < runsMin || usualMs === null || slowMs === undefined ? null : { usualMs, slowMs };
}

/** @returns the median, rounded; `null` of nothing */
export function findMedian(numbers: readonly number[]): number | null {
  const sorted = sort(numbers);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? upper;
  return Math.round((lower + upper) / 2);
}

/** How long stores took from the request to their first served page, in milliseconds, of those that have served. */
export function listReadyLengths(records: readonly Pick<StoreRecord, 'identity' | 'observed'>[]): readonly number[] {
  return records.flatMap(({ identity, observed }) =>
    observed.servedAt === null ? [] : [observed.servedAt - identity.createdAt],
  );
}

function sort(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}
