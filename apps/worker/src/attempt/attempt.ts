/**
 * One leased run for one store: takes the lease, keeps it, converges, and turns whatever ended it into events and into an
 * answer for the queue. How a store is worked on is in `converge/`; what a job is, in `queue/`.
 */
import { DomainError, isDomainError, workerAnswerOfKind } from '@urumi/shared/domain/errors';
import type { WorkerEvent } from '@urumi/shared/domain/events';
import { startsMax } from '@urumi/shared/domain/reduce';
import type { AttemptStep, Failure, StoreRecord } from '@urumi/shared/domain/store';
import type { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { backoffMs } from '@urumi/shared/server/queue/catalog';
import type { Door } from '@urumi/shared/server/store/door';
import type { StoreRepository } from '@urumi/shared/server/store/repository';
import type { AttemptContext, Adapters } from '../converge/context.ts';
import { converge, isSuperseding, type Conclusion } from '../converge/converge.ts';
import { toShownLine } from '../shown-line.ts';
import { readTicks } from './clock.ts';
import { buildGuard } from './guard.ts';
import { HeldLease, type LeaseFigures } from './held-lease.ts';
import { rideOut, type Patience } from './ride-out.ts';
import { AttemptStopped } from '../stopped.ts';

export interface AttemptParts {
  readonly keeper: LeaseKeeper;
  readonly door: Door<WorkerEvent>;
  readonly repository: StoreRepository;
  readonly adapters: Adapters;
  readonly logger: Logger;
  readonly figures: LeaseFigures;
}

export interface AttemptRequest {
  readonly storeId: string;
  /** Aborted when the worker stops and its patience with running attempts is over. */
  readonly signal: AbortSignal;
  /** A line for the queue board. */
  readonly note: (line: string) => void;
  /** Lets others ask the running attempt to look for a newer wish now. @returns a function that ends that */
  readonly onWish: (look: () => void) => () => void;
}

/** What the queue shall do with the job. */
export type AttemptResult =
  | {
      readonly kind: 'done';
      readonly result: 'applied' | 'torn-down' | 'superseded' | 'cancelled' | 'nothing-to-do';
      readonly generation: number | null;
      readonly attempt: number | null;
    }
  | { readonly kind: 'gave-up'; readonly failure: ShownFailure }
  /** Wait without cost. */
  | { readonly kind: 'park'; readonly inMs: number; readonly why: string }
  /** Try again; a start is spent. */
  | { readonly kind: 'retry'; readonly inMs: number; readonly failure: ShownFailure }
  /** The worker stops: let another take the job at once. */
  | { readonly kind: 'hand-back' };

type ShownFailure = Omit<Failure, 'at'>;

/** Waits that cost no start, in milliseconds. */
const parkMs = 4_000;
/** How long an attempt that Redis cut off waits to give its start back: a restart and the rebuilding of the records. */
const giveBack: Patience = { patienceMs: 20_000, gaps: ['redis.unavailable', 'records.rebuilding'] };
/** For a lease that another holds: its rest and a little, never a busy loop. */
const busyMs = { min: 250, max: 6_500 } as const;

/**
 * Never throws for what is expected: an outcome of any kind is a value.
 * @throws DomainError `redis.unavailable` where not even the start could be recorded
 */
export async function runAttempt(parts: AttemptParts, request: AttemptRequest): Promise<AttemptResult> {
  const askedAt = readTicks();
  let start;
  try {
    start = await parts.keeper.start(request.storeId);
  } catch (error) {
    return answerUnstarted(error);
  }
  switch (start.outcome) {
    case 'gone':
      return { kind: 'done', result: 'nothing-to-do', generation: null, attempt: null };
    case 'busy': {
      const inMs = Math.min(Math.max(start.retryInMs, busyMs.min), busyMs.max);
      return { kind: 'park', inMs, why: 'another attempt of this store or owner runs' };
    }
    case 'held':
    case 'exhausted': {
      const run = new Attempt(parts, request, { fence: start.fence, record: start.record, askedAt });
      return start.outcome === 'held' ? run.work() : run.giveUpExhausted(start.lastStep);
    }
  }
}

function answerUnstarted(error: unknown): AttemptResult {
  const failure = toFailure(error);
  if (failure.code === 'redis.unavailable') throw failure;
  return { kind: 'park', inMs: parkMs, why: failure.code };
}

class Attempt implements AttemptContext {
  readonly storeId: string;
  readonly fence: number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  readonly #parts: AttemptParts;
  readonly #begun: StoreRecord;
  readonly #lease: HeldLease;
  readonly #superseded = new AbortController();
  readonly #stopWishes: () => void;
  /** Aborted where the worker stops. */
  readonly #request: AbortSignal;

  constructor(
    parts: AttemptParts,
    request: AttemptRequest,
    start: { readonly fence: number; readonly record: StoreRecord; readonly askedAt: number },
  ) {
    const { id, owner } = start.record.identity;
    this.#parts = parts;
    this.#begun = start.record;
    this.storeId = id;
    this.fence = start.fence;
    this.note = request.note;
    this.#lease = new HeldLease({
      askedAt: start.askedAt,
      renew: () => parts.keeper.renew(id, start.fence, owner),
      onWish: (desired) => {
        if (isSuperseding(desired, start.record.desired.generation)) this.#supersede();
      },
      onTrouble: (error) => parts.logger.warn({ err: error, storeId: id }, 'a lease renewal failed'),
      figures: parts.figures,
    });
    this.#request = request.signal;
    this.signal = AbortSignal.any([request.signal, this.#lease.lost, this.#superseded.signal]);
    this.#stopWishes = request.onWish(() => void this.#lease.renewNow());
  }

  assertMayAct(): void {
    this.#lease.assertLive();
    this.signal.throwIfAborted();
  }

  async read(): Promise<StoreRecord | null> {
    return (await rideOut(() => this.#parts.repository.read(this.storeId), this.signal))?.record ?? null;
  }

  async record(event: WorkerEvent): Promise<void> {
    const apply = () => this.#parts.door.apply(this.storeId, event, { fence: this.fence });
    const answer = await rideOut(apply, this.#lease.lost);
    if (answer.outcome === 'refused') this.note(`${event.type} does not apply any more: ${answer.refusal}`);
  }

  openGuard() {
    return buildGuard(this.#lease);
  }

  async work(): Promise<AttemptResult> {
    const { generation } = this.#begun.desired;
    try {
      this.note(`attempt ${this.fence}: start ${this.#begun.attempt.startsUsed} for generation ${generation}`);
      const conclusion = await converge(this.#parts.adapters, this, generation);
      return await this.#conclude(conclusion);
    } catch (error) {
      return await this.#answer(error);
    } finally {
      this.#leave();
    }
  }

  /** Every start was used by attempts that never came to an end: the record gives up, so a poison job ends too. */
  async giveUpExhausted(lastStep: AttemptStep): Promise<AttemptResult> {
    const { desired, attempt } = this.#begun;
    const last = attempt.lastFailure ? ` The last failure: ${attempt.lastFailure.message}` : '';
    const message = toShownLine(`${startsMax} starts did not come to an end, the last one in step ${lastStep}.${last}`);
    const failure: ShownFailure = { code: 'store.starts-exhausted', message };
    try {
      return await this.#giveUp(desired.generation, failure);
    } catch (error) {
      return await this.#answer(error);
    } finally {
      this.#leave();
    }
  }

  async #conclude(conclusion: Conclusion): Promise<AttemptResult> {
    const attempt = this.#begun.attempt.startsUsed;
    switch (conclusion.kind) {
      case 'gone':
        return { kind: 'done', result: 'nothing-to-do', generation: null, attempt };
      case 'applied':
      case 'torn-down':
        await this.#end();
        return { kind: 'done', result: conclusion.kind, generation: conclusion.generation, attempt };
      case 'given-up':
        await this.#end();
        if (conclusion.failure.code === 'store.cancelled') {
          return { kind: 'done', result: 'cancelled', generation: conclusion.generation, attempt };
        }
        return { kind: 'gave-up', failure: conclusion.failure };
    }
  }

  /** Turns what ended the work into events and an answer. */
  async #answer(error: unknown): Promise<AttemptResult> {
    const stop = this.#findStop(error);
    try {
      if (stop) return await this.#answerStop(stop);
      return await this.#answerFailure(toFailure(error));
    } catch (recordError) {
      // The failure could not be recorded: Redis is away, or the lease is gone. Both end by a later attempt.
      this.#parts.logger.warn(
        { err: error, recordError, storeId: this.storeId },
        'an attempt ended without its last word',
      );
      await this.#giveStartBack();
      return { kind: 'park', inMs: parkMs, why: toFailure(recordError).code };
    }
  }

  /** The reason to stop, also where the interrupted step reported it in its own words. */
  #findStop(error: unknown): AttemptStopped | null {
    if (error instanceof AttemptStopped) return error;
    const reason: unknown = this.signal.aborted ? this.signal.reason : null;
    return reason instanceof AttemptStopped ? reason : null;
  }

  async #answerStop({ stopCause }: AttemptStopped): Promise<AttemptResult> {
    const attempt = this.#begun.attempt.startsUsed;
    switch (stopCause) {
      case 'lease-lost':
        await this.#giveStartBack();
        return { kind: 'park', inMs: parkMs, why: 'lease.lost' };
      case 'superseded':
        this.note('superseded by a newer wish');
        await this.#end();
        return { kind: 'done', result: 'superseded', generation: this.#begun.desired.generation, attempt };
      case 'shutdown': {
        const failure: ShownFailure = {
          code: 'helm.cancelled',
          message: 'The worker was stopped; another attempt follows',
        };
        await this.#fail({ failure, retryInMs: 0, startGivenBack: true });
        await this.#end();
        return { kind: 'hand-back' };
      }
    }
  }

  async #answerFailure(error: DomainError): Promise<AttemptResult> {
    const failure = toShownFailure(error);
    const record = await this.read();
    if (record === null) return { kind: 'done', result: 'nothing-to-do', generation: null, attempt: null };
    const { desired, attempt } = record;
    const startsUsed = attempt.startsUsed;
    this.#parts.logger.warn({ err: error, storeId: this.storeId, code: error.code, startsUsed }, 'an attempt failed');
    this.note(`failed: ${failure.code}: ${failure.message}`);
    if (desired.generation > attempt.generation) {
      // The ring of that newer wish waits until this job is finished for good.
      await this.#end();
      return { kind: 'done', result: 'superseded', generation: attempt.generation, attempt: startsUsed };
    }
    const answer = workerAnswerOfKind[error.kind];
    if (answer === 'end') {
      await this.#end();
      return { kind: 'done', result: 'nothing-to-do', generation: desired.generation, attempt: startsUsed };
    }
    if (answer === 'park') {
      const inMs = findRetryHint(error) ?? jitter(parkMs);
      await this.#fail({ failure, retryInMs: inMs, startGivenBack: true });
      await this.#end();
      return { kind: 'park', inMs, why: failure.code };
    }
    // A deletion is never given up.
    const isLast = answer === 'give-up' || startsUsed >= startsMax;
    if (isLast && desired.intent === 'present') return this.#giveUp(desired.generation, failure);
    const inMs = backoffMs(Math.max(startsUsed, 1), Math.random());
    await this.#fail({ failure, retryInMs: inMs, startGivenBack: false });
    await this.#end();
    return { kind: 'retry', inMs, failure };
  }

  async #giveUp(generation: number, failure: ShownFailure): Promise<AttemptResult> {
    await this.record({ type: 'GaveUp', generation, failure });
    await this.#end();
    return { kind: 'gave-up', failure };
  }

  async #fail(end: { failure: ShownFailure; retryInMs: number; startGivenBack: boolean }): Promise<void> {
    await this.record({ type: 'AttemptFailed', generation: this.#begun.desired.generation, ...end });
  }

  /**
   * What Redis was away for costs no start: this work did nothing to lose its lease. Said late, without the lease, so it
   * counts only as long as no other attempt has begun.
   */
  async #giveStartBack(): Promise<void> {
    if (!this.#lease.wasAwake) return;
    const { generation } = this.#begun.desired;
    const failure: ShownFailure = { code: 'lease.lost', message: 'Redis did not confirm the lease in time' };
    const event: WorkerEvent = { type: 'AttemptFailed', generation, failure, retryInMs: parkMs, startGivenBack: true };
    const apply = () => this.#parts.door.apply(this.storeId, event, { lastFence: this.fence });
    try {
      await rideOut(apply, this.#request, giveBack);
      this.note('cut off from Redis: its start is given back');
    } catch (error) {
      this.#parts.logger.warn({ err: error, storeId: this.storeId }, 'a start was not given back');
    }
  }

  /** The attempt's last word: with it the lease is free. */
  async #end(): Promise<void> {
    this.#leave();
    const apply = () =>
      this.#parts.door.apply(this.storeId, { type: 'AttemptEnded' }, { fence: this.fence, endLease: true });
    await rideOut(apply, this.#lease.lost);
  }

  /** Stops renewing and listening. Safe to repeat. */
  #leave(): void {
    this.#stopWishes();
    this.#lease.end();
  }

  #supersede(): void {
    if (!this.#superseded.signal.aborted) this.#superseded.abort(new AttemptStopped('superseded'));
  }
}

function toFailure(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DomainError('invariant.broken', {}, { cause: error, message: toShownLine(message) });
}

function toShownFailure({ code, message }: DomainError): ShownFailure {
  return { code, message: toShownLine(message) };
}

/** What the other side asked for (`Retry-After`), within bounds: never less, and not all at once. */
function findRetryHint({ details }: DomainError): number | null {
  const hint = details['retryInMs'];
  return typeof hint === 'number' ? jitter(Math.min(Math.max(hint, 1_000), 60_000)) : null;
}

/** Between the value and half as much again, so that many parked jobs do not come back as one. */
function jitter(ms: number): number {
  return Math.round(ms * (1 + Math.random() / 2));
}
