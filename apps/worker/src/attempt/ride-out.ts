/**
 * Repeats a step that Redis did not answer, for as long as a gap may last that a running attempt shall not notice. What
 * is longer is the attempt's matter: it ends, and a later one goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDomainError, type ErrorCode } from '@urumi/shared/domain/errors';

/** Longer than a gap of a second and the second in which a connection comes back. */
const shortMs = 2_500;
const pauseMs = 100;
const silence: readonly ErrorCode[] = ['redis.unavailable'];

export interface Patience {
  readonly patienceMs: number;
  /** What is waited out. */
  readonly gaps: readonly ErrorCode[];
}

/**
 * @param step  safe to repeat, also where it was done and only its answer was lost
 * @param signal  ends the patience, not a step that runs
 * @throws what the last try threw
 */
export async function rideOut<T>(
  step: () => Promise<T>,
  signal: AbortSignal,
  { patienceMs, gaps }: Patience = { patienceMs: shortMs, gaps: silence },
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      const isGap = isDomainError(error) && gaps.includes(error.code);
      if (!isGap || signal.aborted || performance.now() > until) throw error;
      await sleep(pauseMs);
    }
  }
}
