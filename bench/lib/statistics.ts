/** Median and range of a contestant, and what two of them say about each other. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @returns null without a value */
export function summarize(values: readonly number[]): Summary | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? max;
  const median = Number.isInteger(middle) ? ((sorted[middle - 1] ?? min) + upper) / 2 : upper;
  return { count: sorted.length, median, min, max };
}

export interface Comparison {
  /** How many times as long the rival took, by the medians. */
  readonly ratio: number;
  /** The ratio's range: our worst round against the rival's best, and the reverse. */
  readonly low: number;
  readonly high: number;
  readonly verdict: 'faster' | 'slower' | 'tie';
}

/** Times of ours against those of a rival. A range that holds 1 says nothing about who is faster. */
export function compare(ours: Summary, rival: Summary): Comparison {
  const [low, high] = [rival.min / ours.max, rival.max / ours.min];
  const verdict = low > 1 ? 'faster' : high < 1 ? 'slower' : 'tie';
  return { ratio: rival.median / ours.median, low, high, verdict };
}
