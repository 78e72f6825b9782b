/** Rings for a store: adds a job that says "look at this store". At most one runs and one waits per store. */
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Desired } from '../../domain/store.ts';
import { toRedisError, withinDeadline } from '../redis/connection.ts';
import { liftWaiting } from './lift.ts';
import { StoreRepository } from '../store/repository.ts';
import {
  attemptsMax,
  bullPrefix,
  firstPriority,
  keepCompleted,
  keepFailed,
  keepLogs,
  queueName,
  type JobName,
  type Ring,
} from './catalog.ts';

const queueDeadlineMs = 800;

/** BullMQ's highest priority number (lowest urgency) is 2^21. */
const priorityMax = 2_000_000;

export function openStoreQueue(redis: Redis): Queue<Ring, unknown, JobName> {
  const queue = new Queue<Ring, unknown, JobName>(queueName, { connection: redis, prefix: bullPrefix });
  // The failing command reports the error; without a listener BullMQ would end the process.
  queue.on('error', () => undefined);
  return queue;
}

export interface RingRequest {
  readonly storeId: string;
  readonly generation: number;
  readonly intent: Desired['intent'];
  readonly owner: string;
  readonly traceId: string;
}

export class Doorbell {
  readonly #queue: Queue<Ring, unknown, JobName>;
  readonly #repository: StoreRepository;

  constructor(queue: Queue<Ring, unknown, JobName>, redis: Redis) {
    this.#queue = queue;
    this.#repository = new StoreRepository(redis);
  }

  /**
   * @param how  a `wish` takes a waiting job of the store out of its backoff; a `sweep` is absorbed by it
   * @throws DomainError `redis.unavailable`
   *
   * Safe to repeat: rings for one store are deduplicated.
   */
  async ring(request: RingRequest, how: 'wish' | 'sweep'): Promise<void> {
    const name: JobName = request.intent === 'absent' ? 'delete' : 'create';
    if (how === 'wish' && name === 'delete') await this.#removeWaitingCreate(request.storeId);
    const ahead = await this.#repository.countOwed(request.owner, request.intent);
    await this.#within(
      this.#queue.add(
        name,
        { v: 1, storeId: request.storeId, generation: request.generation, traceId: request.traceId },
        {
          // The store itself is counted, unless a sweep rings for one that is further along.
          priority: Math.min(firstPriority - 1 + Math.max(1, ahead), priorityMax),
          deduplication: { id: request.storeId, keepLastIfActive: true, ...(how === 'wish' ? { replace: true } : {}) },
          attempts: attemptsMax,
          backoff: { type: 'urumi' },
          removeOnComplete: keepCompleted,
          removeOnFail: keepFailed,
          keepLogs,
        },
      ),
    );
  }

  /** True where a job of this store waits, is delayed or runs. */
  async hasJob(storeId: string): Promise<boolean> {
    return (await this.#findJob(storeId)) !== null;
  }

  /** Removes a deduplication key whose job is gone: such a key would swallow every further ring. */
  async clearStaleDeduplication(storeId: string): Promise<boolean> {
    const jobId = await this.#within(this.#queue.getDeduplicationJobId(storeId));
    if (jobId === null || (await this.#findJob(storeId)) !== null) return false;
    await this.#within(this.#queue.removeDeduplicationKey(storeId));
    return true;
  }

  /**
   * Moves jobs that wait for long to the place they have by now (`lift.ts`).
   * @param now  Redis time in milliseconds
   * @throws DomainError `redis.unavailable`
   */
  async liftWaiting(now: number): Promise<number> {
    return liftWaiting(this.#queue, this.#repository, now);
  }

  async #findJob(storeId: string) {
    const jobId = await this.#within(this.#queue.getDeduplicationJobId(storeId));
    if (jobId === null) return null;
    const job = await this.#within(this.#queue.getJob(jobId));
    if (!job) return null;
    const state = await this.#within(job.getState());
    return state === 'completed' || state === 'failed' || state === 'unknown' ? null : { job, state };
  }

  /** Best effort, so that the board tells the truth: an active job refuses removal and is superseded instead. */
  async #removeWaitingCreate(storeId: string): Promise<void> {
    const found = await this.#findJob(storeId);
    if (found === null || found.state === 'active' || found.job.name !== 'create') return;
    try {
      await this.#within(found.job.remove());
    } catch (error) {
      const known = toRedisError(error);
      if (known !== error) throw known;
      // A worker took the job between the look and the removal: it will see the deletion in the record.
    }
  }

  #within<T>(work: Promise<T>): Promise<T> {
    return withinDeadline(work, queueDeadlineMs);
  }
}
