/**
 * The lease of one store: at most one attempt at a time. Its value is the attempt's fence, a number that only grows;
 * events of an attempt count only while its lease lives.
 */
import type { Redis } from 'ioredis';
import { DomainError } from '../../domain/errors.ts';
import { isStartsExhausted, reduce } from '../../domain/reduce.ts';
import { desiredSchema, type AttemptStep, type Desired, type StoreRecord } from '../../domain/store.ts';
import { runScript } from '../redis/script.ts';
import { commit } from '../store/commit.ts';
import { toCommitError } from '../store/door.ts';
import { keys } from '../store/keys.ts';
import { StoreRepository } from '../store/repository.ts';
import { renewScript } from '../store/scripts.ts';

const roundsMax = 25;

export type StartResult =
  | { readonly outcome: 'held'; readonly fence: number; readonly record: StoreRecord }
  /** One start too many: the lease is held so that the caller can record GaveUp. */
  | {
      readonly outcome: 'exhausted';
      readonly fence: number;
      readonly record: StoreRecord;
      /** Where the last start that was counted got to. */
      readonly lastStep: AttemptStep;
    }
  | { readonly outcome: 'busy'; readonly retryInMs: number }
  /** No record, or its newest wish was given up: nothing to do. */
  | { readonly outcome: 'gone' };

export type RenewResult = { readonly held: true; readonly desired: Desired } | { readonly held: false };

export class LeaseKeeper {
  readonly #redis: Redis;
  readonly #repository: StoreRepository;
  readonly #leaseMs: number;
  readonly #runningPerOwnerMax: number;

  constructor(redis: Redis, options: { readonly leaseMs: number; readonly runningPerOwnerMax: number }) {
    this.#redis = redis;
    this.#repository = new StoreRepository(redis);
    this.#leaseMs = options.leaseMs;
    this.#runningPerOwnerMax = options.runningPerOwnerMax;
  }

  /**
   * Takes the store's lease and records AttemptStarted, in one script.
   *
   * @returns `held` with fence and record; `busy` with `retryInMs` while another lives or the owner is at its running
   *   cap; `gone` without work to do
   * @throws DomainError `redis.unavailable`, `records.rebuilding`, `records.contended`
   *
   * Safe to repeat: a second call while the lease lives returns `busy`.
   */
  async start(id: string): Promise<StartResult> {
    for (let round = 0; round < roundsMax; round += 1) {
      const snapshot = await this.#repository.read(id);
      if (snapshot === null) return { outcome: 'gone' };
      const { record, version, now } = snapshot;
      const fence = record.attempt.fence + 1;
      const event = { type: 'AttemptStarted', fence, generation: record.desired.generation } as const;
      const reduction = reduce(record, event, now);
      if (!reduction.accepted) return { outcome: 'gone' };
      const answer = await commit(this.#redis, {
        event,
        previous: record,
        next: reduction.record,
        version,
        actor: 'urumi',
        needsGate: true,
        takeLease: { fence, leaseMs: this.#leaseMs, runningMax: this.#runningPerOwnerMax },
      });
      switch (answer.kind) {
        case 'ok':
          return isStartsExhausted(reduction.record)
            ? { outcome: 'exhausted', fence, record: reduction.record, lastStep: record.attempt.step }
            : { outcome: 'held', fence, record: reduction.record };
        case 'busy':
        case 'owner-busy':
          return { outcome: 'busy', retryInMs: answer.retryInMs };
        case 'conflict':
          continue;
        default:
          throw toCommitError(answer);
      }
    }
    throw new DomainError('records.contended', { rounds: roundsMax });
  }

  /**
   * Renews the lease and returns the newest wish, so a lost message costs one renewal at most.
   * @throws DomainError `redis.unavailable`
   */
  async renew(id: string, fence: number, owner: string): Promise<RenewResult> {
    const [held, desired] = (await runScript(
      this.#redis,
      renewScript,
      [keys.lease(id), keys.store(id), keys.running(owner)],
      [String(fence), this.#leaseMs, id],
    )) as [number, string];
    if (held !== 1 || desired === '') return { held: false };
    return { held: true, desired: desiredSchema.parse(JSON.parse(desired)) };
  }
}
