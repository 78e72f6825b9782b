/** Reads the queue for people: how many jobs there are, and who is where in line. Decides nothing. */
import { Inject, Injectable } from '@nestjs/common';
import { withinDeadline } from '@urumi/shared/server/redis/connection';
import { storeQueue, type StoreQueue } from './store-queue.ts';

const readDeadlineMs = 500;
/** Places further back are not counted: a list of this length is read in one go. */
const placesMax = 200;

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

@Injectable()
export class QueueReader {
  constructor(@Inject(storeQueue) private readonly queue: StoreQueue) {}

  /** @throws DomainError `redis.unavailable` */
  async count(): Promise<QueueCounts> {
    const states = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const;
    const counts = await withinDeadline(this.queue.getJobCounts(...states), readDeadlineMs);
    const of = (state: (typeof states)[number]): number => counts[state] ?? 0;
    return {
      waiting: of('waiting') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    };
  }

  /**
   * @returns store id to place, 1 = next; a store that does not wait among the first ones is missing
   * @throws DomainError `redis.unavailable`
   */
  async readPlaces(): Promise<ReadonlyMap<string, number>> {
    const places = new Map<string, number>();
    // Asked apart: BullMQ returns several kinds in one list without saying where one ends.
    const read = async (): Promise<void> => {
      for (const jobs of [
        await this.queue.getWaiting(0, placesMax - 1),
        await this.queue.getPrioritized(0, placesMax - 1),
      ]) {
        for (const job of jobs) places.set(job.data.storeId, places.size + 1);
      }
    };
    await withinDeadline(read(), readDeadlineMs);
    return places;
  }
}
