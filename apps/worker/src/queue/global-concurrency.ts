/**
 * Keeps the queue's limit of jobs running at once over all workers. Set again now and then: the limit lives in Redis, and
 * an emptied Redis forgets it.
 */
import type { Queue } from 'bullmq';
import type { Logger } from '@urumi/shared/server/ops/logger';

const everyMs = 30_000;

/** @returns a function that ends it */
export async function keepGlobalConcurrency(
  queue: Pick<Queue, 'setGlobalConcurrency'>,
  limit: number,
  logger: Logger,
): Promise<() => void> {
  const set = async (): Promise<void> => {
    try {
      await queue.setGlobalConcurrency(limit);
    } catch (error) {
      // No reason not to start: a full Redis refuses it, and needs workers to get rid of what was deleted.
      logger.warn({ err: error }, 'the global limit of running jobs could not be set');
    }
  };
  await set();
  const timer = setInterval(() => void set(), everyMs);
  return () => clearInterval(timer);
}
