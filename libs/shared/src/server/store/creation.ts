/** Makes the record of a new store: name, host, quota, idempotency answer and record in one step. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { EngineId } from '../../domain/engines/catalog.ts';
import type { ApiEvent } from '../../domain/events.ts';
import type { PlanId } from '../../domain/plans.ts';
import { reduce } from '../../domain/reduce.ts';
import { recordSchema, type StoreRecord } from '../../domain/store.ts';
import { upgradeSections } from '../../domain/upgrade.ts';
import { commit } from './commit.ts';
import { toCommitError } from './door.ts';
import { withinDeadline } from '../redis/connection.ts';
import { keys } from './keys.ts';
import { readTime } from './repository.ts';

/** How long a repeated request gets the first one's answer. */
const idempotencySeconds = 24 * 3600;
const readDeadlineMs = 800;

export interface CreateStore {
  readonly id: string;
  readonly owner: string;
  readonly actor: string;
  readonly name: string;
  readonly engine: EngineId;
  readonly plan: PlanId;
  readonly host: string;
  /** Stores this owner may have. */
  readonly storesMax: number;
  /** Key as the caller sent it, and a digest of the body it came with. */
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
}

export interface CreatedStore {
  readonly outcome: 'created' | 'replayed';
  readonly record: StoreRecord;
}

const answerSchema = z.object({
  bodyHash: z.string(),
  /** Answers are kept for a day, so one may be of the release before. */
  record: z.preprocess((value) => upgradeSections(z.record(z.string(), z.unknown()).parse(value)), recordSchema),
});

/**
 * @returns the record as it was made; a repeated key gets the first answer again
 * @throws DomainError `store.name-taken` with `storeId`, `store.host-taken`, `quota.stores-exceeded` with `stores` and
 *   `storesMax`, `idempotency.key-reused`, `records.rebuilding`, `redis.unavailable`
 */
export async function createStore(redis: Redis, c: CreateStore): Promise<CreatedStore> {
  const event: ApiEvent = {
    type: 'StoreRequested',
    identity: { id: c.id, name: c.name, owner: c.owner, engine: c.engine },
    plan: c.plan,
    host: c.host,
  };
  const reduction = reduce(null, event, await readTime(redis));
  if (!reduction.accepted) throw new DomainError('invariant.broken', {}, { message: reduction.refusal });
  const { record } = reduction;

  const answer = await commit(redis, {
    event,
    previous: null,
    next: record,
    version: 0,
    actor: c.actor,
    needsGate: true,
    claim: {
      storesMax: c.storesMax,
      idempotency: c.idempotency && {
        key: toAnswerKey(c.owner, c.idempotency.key),
        answer: JSON.stringify({ bodyHash: c.idempotency.bodyHash, record }),
        ttlSeconds: idempotencySeconds,
      },
    },
  });
  if (answer.kind === 'ok') return { outcome: 'created', record };
  if (answer.kind === 'replayed') {
    return { outcome: 'replayed', record: parseAnswer(answer.answer, c.idempotency?.bodyHash) };
  }
  if (answer.kind === 'quota') {
    throw new DomainError('quota.stores-exceeded', { stores: answer.stores, storesMax: c.storesMax });
  }
  // The id is in use, or was: for the caller that is a host it cannot have, and a reason to make another id.
  if (answer.kind === 'conflict' || answer.kind === 'buried') throw new DomainError('store.host-taken');
  throw toCommitError(answer);
}

/**
 * The record that a key was answered with before, `null` where it is new: a wish that could not be made any more today is
 * still answered as it was.
 * @throws DomainError `idempotency.key-reused`, `redis.unavailable`
 */
export async function findCreated(
  redis: Redis,
  { owner, idempotency }: Pick<CreateStore, 'owner' | 'idempotency'>,
): Promise<StoreRecord | null> {
  if (idempotency === null) return null;
  const answer = await withinDeadline(redis.get(toAnswerKey(owner, idempotency.key)), readDeadlineMs);
  return answer === null ? null : parseAnswer(answer, idempotency.bodyHash);
}

function toAnswerKey(owner: string, key: string): string {
  return keys.idempotency(owner, createHash('sha256').update(key).digest('hex'));
}

function parseAnswer(text: string, bodyHash: string | undefined): StoreRecord {
  const earlier = answerSchema.parse(JSON.parse(text));
  if (earlier.bodyHash !== bodyHash) throw new DomainError('idempotency.key-reused');
  return earlier.record;
}
