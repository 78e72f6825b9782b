/** A shopper who keeps looking at one page and notes how long each look takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from '../support/http.ts';

export interface Looks {
  readonly count: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** What went wrong, one line each. */
  readonly failures: readonly string[];
}

const pauseMs = 100;

/** Looks while `work` runs, at least once. */
export async function lookWhile(shop: { port: number; host: string }, work: () => Promise<unknown>): Promise<Looks> {
  const times: number[] = [];
  const failures: string[] = [];
  const over = new AbortController();
  const looking = (async () => {
    do {
      try {
        const answer = await request({ ...shop, path: '/' });
        if (answer.status !== 200) failures.push(`status ${answer.status}`);
        times.push(answer.ms);
      } catch (error) {
        failures.push(String(error));
      }
      await sleep(pauseMs);
    } while (!over.signal.aborted);
  })();
  try {
    await work();
  } finally {
    over.abort();
    await looking;
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    slowestMs: Math.round(sorted.at(-1) ?? 0),
    failures,
  };
}
