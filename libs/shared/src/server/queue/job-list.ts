/** Jobs that are still to run, as far as an administrator's look at them needs: which store each is for. */
import { toRedisError } from '../redis/connection.ts';
import type { openStoreQueue } from './doorbell.ts';

type StoreQueue = ReturnType<typeof openStoreQueue>;

const jobsMax = 10_000;

/** At most 10 000 of each state. @throws as the queue does */
export async function listOpenJobs(queue: StoreQueue): Promise<{ jobId: string; storeId: string }[]> {
  const jobs = await queue.getJobs(['waiting', 'prioritized', 'delayed', 'active'], 0, jobsMax);
  // A job may end between the list and the look at it.
  return jobs.flatMap((job) => (job?.id === undefined ? [] : [{ jobId: job.id, storeId: job.data.storeId }]));
}

/** @returns false where the job is gone or runs. @throws DomainError `redis.unavailable` */
export async function removeOpenJob(queue: StoreQueue, jobId: string): Promise<boolean> {
  try {
    return (await queue.remove(jobId)) === 1;
  } catch (error) {
    const known = toRedisError(error);
    if (known !== error) throw known;
    return false; // A worker holds it.
  }
}
