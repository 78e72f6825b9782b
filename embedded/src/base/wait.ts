/**
 * Waiting for a condition, with a limit and a way out. Owns no condition of its own.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** A condition that did not become true in time; the message holds the last reason. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

/** @throws the abort reason when `signal` aborts */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node wraps the reason in an error of its own.
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Repeats `check` until it returns true.
 *
 * A check that throws counts as "not yet" and its message becomes the reason in WaitTimeout.
 *
 * @throws WaitTimeout after `timeoutMs`; the abort reason when `signal` aborts
 */
export async function waitUntil(input: {
  what: string;
  check: () => boolean | Promise<boolean>;
  timeoutMs: number;
  intervalMs?: number;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const endsAt = performance.now() + input.timeoutMs;
  let reason = 'not yet';
  for (;;) {
    input.signal?.throwIfAborted();
    try {
      if (await input.check()) return;
      reason = 'not yet';
    } catch (error) {
      reason = messageOf(error);
    }
    if (performance.now() >= endsAt) {
      throw new WaitTimeout(`${input.what}: not within ${Math.round(input.timeoutMs / 1000)} s (${reason})`);
    }
    await sleep(input.intervalMs ?? 100, input.signal);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
