/**
 * The only way to change a record. A process opens the door for the events of its own role, so it cannot even compile
 * another's. Read, reduce, compare-and-set, again on conflict.
 */
import type { Redis } from 'ioredis';
import { DomainError } from '../../domain/errors.ts';
import type { Refusal, StoreEvent } from '../../domain/events.ts';
import { reduce } from '../../domain/reduce.ts';
import type { StoreRecord } from '../../domain/store.ts';
import { commit, type CommitAnswer } from './commit.ts';
import { StoreRepository } from './repository.ts';

/** Rounds of compare-and-set before a caller is told that others keep changing the record. */
const roundsMax = 25;

export type ApplyResult =
  | { readonly outcome: 'applied'; readonly record: StoreRecord }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly record: StoreRecord | null };

export interface ApplyOptions {
  /** Fence of the attempt that says this; the event counts only while its lease lives. */
  readonly fence?: number;
  /** Fence of an attempt that has lost its lease; the event counts only while no other attempt has begun. */
  readonly lastFence?: number;
  /** Who did it, for the feed. */
  readonly actor?: string;
  /** Ends the attempt's lease in the same step. */
  readonly endLease?: boolean;
}

export interface Door<E extends StoreEvent> {
  /**
   * @returns the record after the event, or why it does not apply
   * @throws DomainError `records.rebuilding`, `lease.lost`, `records.contended`, `redis.unavailable`
   */
  apply(storeId: string, event: E, options?: ApplyOptions): Promise<ApplyResult>;
}

export function openDoor<E extends StoreEvent>(redis: Redis): Door<E> {
  const repository = new StoreRepository(redis);
  return {
    async apply(storeId, event, options = {}) {
      for (let round = 0; round < roundsMax; round += 1) {
        const snapshot = await repository.read(storeId);
        if (options.lastFence !== undefined && snapshot?.record.attempt.fence !== options.lastFence) {
          throw new DomainError('lease.lost', {}, { message: 'Another attempt has begun' });
        }
        const reduction = reduce(snapshot?.record ?? null, event, snapshot?.now ?? 0);
        if (!reduction.accepted) {
          return { outcome: 'refused', refusal: reduction.refusal, record: snapshot?.record ?? null };
        }
        const answer = await commit(redis, {
          event,
          previous: snapshot?.record ?? null,
          next: reduction.record,
          version: snapshot?.version ?? 0,
          actor: options.actor ?? 'urumi',
          needsGate: true,
          fence: options.fence,
          endLease: options.endLease,
        });
        if (answer.kind === 'ok') return { outcome: 'applied', record: reduction.record };
        if (answer.kind !== 'conflict') throw toCommitError(answer);
      }
      throw new DomainError('records.contended', { rounds: roundsMax });
    },
  };
}

/** The commit script's refusals as errors. */
export function toCommitError(answer: CommitAnswer): DomainError {
  switch (answer.kind) {
    case 'gate-shut':
      return new DomainError('records.rebuilding');
    case 'lease-lost':
      return new DomainError('lease.lost');
    case 'host-taken':
      return new DomainError('store.host-taken');
    case 'name-taken':
      return new DomainError('store.name-taken', { storeId: answer.holder });
    case 'quota':
      return new DomainError('quota.stores-exceeded', { stores: answer.stores });
    case 'ok':
    case 'conflict':
    case 'buried':
    case 'replayed':
    case 'busy':
    case 'owner-busy':
      return new DomainError('invariant.broken', {}, { message: `unexpected commit answer: ${answer.kind}` });
  }
}
