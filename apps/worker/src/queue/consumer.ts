/**
 * Takes jobs from the queue and lets an attempt answer them. A job only says which store to look at; parking, retrying and
 * giving up are the attempt's answers, told to BullMQ here. What the board shows of a job is written here too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, Worker, type ConnectionOptions, type Job } from 'bullmq';
import type { Logger } from '@urumi/shared/server/ops/logger';
import {
  bullPrefix,
  keepCompleted,
  keepFailed,
  lockMs,
  queueName,
  ringSchema,
  stalledCheckMs,
  stalledCountMax,
  type JobName,
  type Ring,
} from '@urumi/shared/server/queue/catalog';
import type { AttemptRequest, AttemptResult } from '../attempt/attempt.ts';
import { AttemptStopped } from '../stopped.ts';
import { attachBoard, type Board } from './board.ts';

/** What the board shows as a finished job's result. */
export interface JobResult {
  readonly result: Extract<AttemptResult, { kind: 'done' }>['result'];
  readonly generation: number | null;
  readonly attempt: number | null;
}

export interface ConsumerOptions {
  /** A blocking connection; BullMQ makes its second from it. */
  readonly connection: ConnectionOptions;
  readonly concurrency: number;
  readonly logger: Logger;
  readonly run: (request: Pick<AttemptRequest, 'storeId' | 'signal' | 'note'>) => Promise<AttemptResult>;
}

const closeTimeoutMs = 1_500;

/** A job while it is this worker's. */
interface Handling {
  readonly job: Job<Ring, JobResult, JobName>;
  readonly token: string | undefined;
  readonly board: Board;
}

/** A payload of a newer release: another worker will understand it. */
const unknownPayloadMs = 30_000;

/** Carries the attempt's own delay to BullMQ's backoff. */
class RetryLater extends Error {
  readonly inMs: number;

  constructor(message: string, inMs: number) {
    super(message);
    this.name = 'RetryLater';
    this.inMs = inMs;
  }
}

export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #worker: Worker<Ring, JobResult, JobName>;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #takesJobs = true;

  /** Starts taking jobs at once. */
  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#worker = new Worker<Ring, JobResult, JobName>(
      queueName,
      // BullMQ hands over its signal only to a function of three parameters.
      (job, token, signal) => this.#track(this.#process(job, token, signal)),
      {
        connection: options.connection,
        prefix: bullPrefix,
        concurrency: options.concurrency,
        lockDuration: lockMs,
        stalledInterval: stalledCheckMs,
        maxStalledCount: stalledCountMax,
        removeOnComplete: keepCompleted,
        removeOnFail: keepFailed,
        settings: { backoffStrategy: (_tries, _type, error) => (error instanceof RetryLater ? error.inMs : 1_000) },
      },
    );
    this.#worker.on('error', (error) => options.logger.warn({ err: error }, 'the queue reported an error'));
  }

  get runningCount(): number {
    return this.#running.size;
  }

  /**
   * Takes no more jobs, gives running attempts `drainMs`, then stops them; their jobs go back to the queue.
   * With nothing running it returns at once.
   */
  async stop(drainMs: number): Promise<void> {
    this.#takesJobs = false;
    await this.#worker.pause(true);
    const patience = setTimeout(() => this.#stopping.abort(new AttemptStopped('shutdown')), drainMs);
    await Promise.allSettled(this.#running);
    clearTimeout(patience);
    // BullMQ waits for Redis to take its leave; with Redis gone there is nobody to take it from.
    await Promise.race([this.#worker.close(), sleep(closeTimeoutMs, undefined, { ref: false })]);
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  async #process(
    job: Job<Ring, JobResult, JobName>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<JobResult> {
    const { logger, run } = this.#options;
    const board = attachBoard(job, logger);
    // A wait for jobs that began before the pause still brings one (BullMQ 6.7).
    if (!this.#takesJobs) return this.#handBack({ job, token, board });
    const ring = ringSchema.safeParse(job.data);
    if (!ring.success) {
      return this.#park({ job, token, board, inMs: unknownPayloadMs, why: 'record.schema-newer' });
    }
    const { storeId } = ring.data;
    const answer = await run({
      storeId,
      signal: signal ? AbortSignal.any([this.#stopping.signal, toShutdown(signal)]) : this.#stopping.signal,
      note: board.note,
    });
    switch (answer.kind) {
      case 'done': {
        const { result, generation, attempt } = answer;
        await board.progress({ state: result, generation, attempt });
        return { result, generation, attempt };
      }
      case 'gave-up':
        await board.progress({ state: 'gave-up', code: answer.failure.code });
        throw new UnrecoverableError(`${answer.failure.code}: ${answer.failure.message}`);
      case 'retry':
        await board.progress({ state: 'retrying', code: answer.failure.code, inMs: answer.inMs });
        throw new RetryLater(`${answer.failure.code}: ${answer.failure.message}`, answer.inMs);
      case 'park':
        return this.#park({ job, token, board, inMs: answer.inMs, why: answer.why });
      case 'hand-back':
        return this.#handBack({ job, token, board });
    }
  }

  /**
   * Lets another worker take the job now. As a delay that is over: BullMQ's `moveToWait` wakes no worker for a job with a
   * priority (6.7, `pushBackJobWithPriority` sets no marker), which would then wait for up to five seconds.
   */
  async #handBack({ job, token, board }: Handling): Promise<never> {
    board.note('handed back: the worker stops');
    await board.flush();
    await job.moveToDelayed(Date.now(), token);
    throw new DelayedError();
  }

  /** A wait that costs the job no try. */
  async #park(parked: Handling & { readonly inMs: number; readonly why: string }): Promise<never> {
    const { job, token, board, inMs, why } = parked;
    board.note(`parked for ${(inMs / 1_000).toFixed(1)} s: ${why}`);
    await board.progress({ state: 'parked', code: why, inMs });
    await job.moveToDelayed(Date.now() + inMs, token);
    throw new DelayedError();
  }
}

/** BullMQ's own signal (a lost lock, a cancelled job) as a reason attempts know: the job is worked on again. */
function toShutdown(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new AttemptStopped('shutdown'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}
