/**
 * Rings for stores that the worker owes something and that nobody works on: the ring was lost, or the api died before it
 * rang. Never rings where an attempt runs or a job waits, so it spins nothing.
 */
import { randomUUID } from 'node:crypto';
import { isOwed } from '@urumi/shared/domain/owed';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Doorbell } from '@urumi/shared/server/queue/doorbell';
import type { StoreRepository } from '@urumi/shared/server/store/repository';

export interface OwedOptions {
  readonly repository: StoreRepository;
  readonly doorbell: Doorbell;
  readonly signal: AbortSignal;
}

/**
 * Rings, and lifts what has waited for long.
 * @returns ids that were rung for
 * @throws DomainError `redis.unavailable`
 */
export async function ringOwed({ repository, doorbell, signal }: OwedOptions): Promise<string[]> {
  const { ids, now } = await repository.listOwedIds();
  const rung: string[] = [];
  for (const id of ids) {
    if (signal.aborted) break;
    const read = await repository.read(id);
    if (read !== null && isOwed(read.record) && (await ringIfIdle(read.record, { repository, doorbell })))
      rung.push(id);
  }
  if (!signal.aborted) await doorbell.liftWaiting(now);
  return rung;
}

/** Rings unless an attempt runs or a job waits. @returns whether it rang */
export async function ringIfIdle(
  record: StoreRecord,
  { repository, doorbell }: Pick<OwedOptions, 'repository' | 'doorbell'>,
): Promise<boolean> {
  const { identity, desired } = record;
  if ((await repository.isLeased(identity.id)) || (await doorbell.hasJob(identity.id))) return false;
  // A deduplication key without its job would swallow this ring and every later one.
  await doorbell.clearStaleDeduplication(identity.id);
  await doorbell.ring(
    {
      storeId: identity.id,
      generation: desired.generation,
      intent: desired.intent,
      owner: identity.owner,
      traceId: randomUUID(),
    },
    'sweep',
  );
  return true;
}
