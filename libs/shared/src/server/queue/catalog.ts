/** The queue's name, job names, payload and limits. Jobs hold keys, never commands: the record says what to do. */
import { z } from 'zod';

export const queueName = 'stores';
/** BullMQ's own key prefix; it refuses ioredis' `keyPrefix`. */
export const bullPrefix = 'urumi:bull';

/** For people: why the bell rang. The worker acts on the newest wish, whatever the job is called. */
export type JobName = 'create' | 'delete';

export const ringSchema = z.object({
  v: z.literal(1),
  storeId: z.string(),
  generation: z.int().min(1),
  traceId: z.string(),
});
export type Ring = z.infer<typeof ringSchema>;

/** BullMQ's lock only redelivers jobs; the lease guards the store. Milliseconds. */
export const lockMs = 6_000;
export const stalledCheckMs = 2_000;
/** Far above what the record allows: only the record gives up. */
export const stalledCountMax = 1_000;
export const attemptsMax = 1_000;

/** Longest wait between two tries, in milliseconds. */
const backoffMaxMs = 15_000;

/**
 * Exponential with jitter, at most 15 s.
 * @param tries  tries made so far, from 1
 * @param random  0 to 1
 */
export function backoffMs(tries: number, random: number): number {
  const full = Math.min(backoffMaxMs, 1_000 * 2 ** Math.min(tries - 1, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * Priority of an owner's first waiting job: its store is counted already when the job is added. Lower is sooner; never 0, with
 * which BullMQ would let a job jump the whole queue.
 */
export const firstPriority = 2;

const daySeconds = 24 * 3600;
export const keepCompleted = { age: daySeconds, count: 10_000 } as const;
export const keepFailed = { age: 7 * daySeconds } as const;
/** Log lines of one job: a job that waits for a cluster writes some at every look. The newest stay. */
export const keepLogs = 200;
