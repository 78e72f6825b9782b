/** Shoppers who visit a shop one after the other. */
import { summarize } from './statistics.ts';

export interface Shopping {
  readonly shoppers: number;
  readonly visits: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** What went wrong, one line each. */
  readonly failures: readonly string[];
}

/** @param visit  one look or purchase; throws where it fails */
export async function keepShopping({
  shoppers,
  seconds,
  visit,
}: {
  readonly shoppers: number;
  readonly seconds: number;
  readonly visit: () => Promise<void>;
}): Promise<Shopping> {
  const times: number[] = [];
  const failures: string[] = [];
  const until = performance.now() + seconds * 1_000;
  const shop = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now();
      try {
        await visit();
        times.push(performance.now() - began);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: shoppers }, shop));
  const summary = summarize(times);
  return {
    shoppers,
    visits: times.length,
    medianMs: Math.round(summary?.median ?? 0),
    slowestMs: Math.round(summary?.max ?? 0),
    failures,
  };
}
