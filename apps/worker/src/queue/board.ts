/** What the queue board shows of a running job: a log line per action and its state. Never a reason for a job to fail. */
import type { Job } from 'bullmq';
import type { Logger } from '@urumi/shared/server/ops/logger';

export interface Board {
  readonly note: (line: string) => void;
  readonly progress: (state: Readonly<Record<string, string | number | null>>) => Promise<void>;
  /** Waits until every line is written. */
  readonly flush: () => Promise<void>;
}

export function attachBoard(job: Pick<Job, 'log' | 'updateProgress' | 'id' | 'data'>, logger: Logger): Board {
  let written: Promise<void> = Promise.resolve();
  const write = (work: () => Promise<unknown>): void => {
    written = written.then(work).then(
      () => undefined,
      (error: unknown) => logger.warn({ err: error, jobId: job.id }, 'the queue board could not be written'),
    );
  };
  return {
    note: (line) => {
      logger.info({ jobId: job.id, storeId: job.data?.storeId, traceId: job.data?.traceId }, line);
      write(() => job.log(`${new Date().toISOString()} ${line}`));
    },
    progress: (state) => {
      write(() => job.updateProgress({ ...state }));
      return written;
    },
    flush: () => written,
  };
}
