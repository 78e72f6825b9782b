/**
 * Keeps waiting fair over time. A job's priority is its place among its owner's waiting jobs when it was added; places move
 * up as jobs end, priorities do not. So who once asked for much would stay behind everybody's second and tenth job for ever.
 * Jobs that waited for a minute therefore get the place they have now, but never the first: another owner's first job, which
 * comes with the best priority of all, waits for one running job at most (promise 11).
 */
import type { Job, Queue } from 'bullmq';
import { withinDeadline } from '../redis/connection.ts';
import type { StoreRepository } from '../store/repository.ts';
import { firstPriority, type JobName, type Ring } from './catalog.ts';

/** From when a job counts as waiting long, in milliseconds. */
export const longWaitMs = 60_000;
/** Jobs looked at, and changed, in one sweep: the rest comes with the next. */
const lookedAtMax = 2_000;
const liftedMax = 500;
const deadlineMs = 5_000;

export interface Lift<T> {
  readonly job: T;
  readonly priority: number;
}

/**
 * Pure: which jobs get which priority.
 * @param jobs  waiting jobs in any order; `owner` is `null` where the store has no record any more
 */
export function planLifts<T>(
  jobs: readonly (Lift<T> & { readonly owner: string | null; readonly name: JobName; readonly since: number })[],
  now: number,
): Lift<T>[] {
  const places = new Map<string, number>();
  const lifts: Lift<T>[] = [];
  for (const { job, owner, name, since, priority } of [...jobs].sort((a, b) => a.since - b.since)) {
    if (owner === null || now - since < longWaitMs) continue;
    // Deletes are counted apart, as when they were added.
    const line = `${name} ${owner}`;
    const place = (places.get(line) ?? 0) + 1;
    places.set(line, place);
    if (firstPriority + place < priority) lifts.push({ job, priority: firstPriority + place });
  }
  return lifts;
}

/**
 * @param now  Redis time in milliseconds
 * @returns how many jobs were lifted
 * @throws DomainError `redis.unavailable`
 *
 * Safe to repeat and to run beside others: a job that was taken meanwhile is left alone.
 */
export async function liftWaiting(
  queue: Queue<Ring, unknown, JobName>,
  repository: Pick<StoreRepository, 'readMany'>,
  now: number,
): Promise<number> {
  const waiting = await withinDeadline(queue.getPrioritized(0, lookedAtMax - 1), deadlineMs);
  const old = waiting.filter((job) => now - job.timestamp >= longWaitMs);
  const owners = await readOwners(old, repository);
  const lifts = planLifts(
    old.map((job) => ({
      job,
      owner: owners.get(job.data.storeId) ?? null,
      name: job.name,
      since: job.timestamp,
      priority: job.priority,
    })),
    now,
  );
  let lifted = 0;
  for (const { job, priority } of lifts.slice(0, liftedMax)) {
    await withinDeadline(job.changePriority({ priority }), deadlineMs);
    lifted += 1;
  }
  return lifted;
}

const pageIds = 100;

async function readOwners(
  jobs: readonly Job<Ring, unknown, JobName>[],
  repository: Pick<StoreRepository, 'readMany'>,
): Promise<ReadonlyMap<string, string>> {
  const owners = new Map<string, string>();
  for (let index = 0; index < jobs.length; index += pageIds) {
    const ids = jobs.slice(index, index + pageIds).map((job) => job.data.storeId);
    for (const { identity } of await repository.readMany(ids)) owners.set(identity.id, identity.owner);
  }
  return owners;
}
