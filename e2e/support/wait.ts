/** Waits for a condition, never for a duration. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Wait {
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** Says that the condition does not hold yet, and what was seen instead. */
export class NotYet {
  readonly seen: string;

  constructor(seen: string) {
    this.seen = seen;
  }
}

/** @returns what `look` found; @throws Error with the last thing seen when the time is over */
export async function waitFor<T>(
  { what, timeoutMs, intervalMs = 250 }: Wait,
  look: () => Promise<T | NotYet>,
): Promise<Exclude<T, NotYet>> {
  const until = performance.now() + timeoutMs;
  let seen = 'nothing';
  while (performance.now() < until) {
    const result = await look();
    if (!(result instanceof NotYet)) return result as Exclude<T, NotYet>;
    seen = result.seen;
    await sleep(intervalMs);
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${seen}`);
}
