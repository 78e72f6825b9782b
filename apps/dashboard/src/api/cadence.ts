/** How often each thing is asked for, in one place. All in milliseconds; hidden tabs ask for nothing. */

export const cadence = {
  listMoving: 5_000,
  listCalm: 15_000,
  storeMoving: 2_000,
  storeCalm: 15_000,
  timelineCalm: 30_000,
  activity: 10_000,
  metrics: 15_000,
  meStarting: 2_000,
  meCalm: 60_000,
  catalogue: 4_000,
  afterFailure: 30_000,
} as const;

/** No answer for this long counts as silence. */
export const callTimeoutMs = 10_000;

/** 2, 4, 8, 16, then 30 s after each further failure. */
export function backoffMs(failures: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5));
}
