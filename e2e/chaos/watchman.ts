/** Looks at every record again and again and writes down each number that fell: no generation and no fence ever may. */
import { setTimeout as sleep } from 'node:timers/promises';
import { attemptSchema, desiredSchema } from '@urumi/shared/domain/store';
import { Redis } from 'ioredis';

const everyMs = 200;

export interface Watchman {
  /** What fell, as `store generation 4 -> 3`. */
  readonly falls: readonly string[];
  /** Looks that were answered; a watch that saw nothing proves nothing. */
  readonly looks: () => number;
  stop(): Promise<void>;
}

/** @param url  of Redis itself, past any proxy that a run may cut */
export function watchNumbers(url: string): Watchman {
  const stopping = new AbortController();
  const highest = new Map<string, number>();
  const falls: string[] = [];
  let looks = 0;

  const note = (store: string, what: string, value: number): void => {
    const key = `${store} ${what}`;
    const before = highest.get(key) ?? 0;
    if (value < before) falls.push(`${key} ${before} -> ${value}`);
    highest.set(key, Math.max(before, value));
  };

  const watching = (async () => {
    const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 200 });
    // Redis is killed on purpose: a look that fails is made again.
    redis.on('error', () => undefined);
    while (!stopping.signal.aborted) {
      await sleep(everyMs);
      try {
        for (const id of await redis.zrange('urumi:stores', '0', '-1')) {
          const [wish, run] = await redis.hmget(`urumi:store:${id}`, 'desired', 'attempt');
          if (!wish || !run) continue;
          note(id, 'generation', desiredSchema.parse(JSON.parse(wish)).generation);
          note(id, 'fence', attemptSchema.parse(JSON.parse(run)).fence);
        }
        looks += 1;
      } catch (error) {
        if (error instanceof Error && error.name === 'ZodError') falls.push(`unreadable record: ${error.message}`);
      }
    }
    redis.disconnect();
  })();

  return {
    falls,
    looks: () => looks,
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}
