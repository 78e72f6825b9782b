/**
 * Repeats a step that Redis did not answer, for as long as a gap may last that a running attempt shall not notice. What
 * is longer is the attempt's matter: it ends, and a later one goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDomainError } from '@urumi/shared/domain/errors';

/** Longer than a gap of a second and the second in which a connection comes back. */
const patienceMs = 2_500;
const pauseMs = 100;

/**
 * @param step  safe to repeat, also where it was done and only its answer was lost
 * @param signal  ends the patience, not a step that runs
 * @throws what the last try threw
 */
export async function rideOut<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      const isGap = isDomainError(error) && error.code === 'redis.unavailable';
      if (!isGap || signal.aborted || performance.now() > until) throw error;
      await sleep(pauseMs);
    }
  }
}
