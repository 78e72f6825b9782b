/**
 * Removes one orphan that lives in Redis, if it still is one at that moment, and writes down who did it. Only for an
 * administrator's command; nothing in the platform calls it by itself.
 */
import type { Redis } from 'ioredis';
import type { ApiEvent } from '../../domain/events.ts';
import { withinDeadline } from '../redis/connection.ts';
import { defineScript, runScript } from '../redis/script.ts';
import { openDoor } from './door.ts';
import { keys } from './keys.ts';
import type { SeenOrphan } from './orphans.ts';

const deadlineMs = 800;
const logMax = 1_000;

export interface RemovalOptions {
  readonly redis: Redis;
  /** Who asks, for the feed and the log. */
  readonly actor: string;
  /** Takes a job out of the queue; false where it is gone or runs. */
  readonly removeJob: (jobId: string) => Promise<boolean>;
}

/**
 * `removed`: it is gone; `asked`: its removal was wished as an owner would, and workers do the rest; `kept`: it is no
 * orphan any more, or is in use.
 */
export type Removal = 'removed' | 'asked' | 'kept';

/**
 * @throws DomainError `redis.unavailable`, `records.rebuilding`
 *
 * Safe to repeat.
 */
export async function removeOrphan(
  orphan: SeenOrphan & { readonly kind: Exclude<SeenOrphan['kind'], 'namespace'> },
  options: RemovalOptions,
): Promise<Removal> {
  const removal = await remove(orphan, options);
  await writeAdminLog(options.redis, { actor: options.actor, did: removal, what: `${orphan.kind} ${orphan.name}` });
  return removal;
}

async function remove(orphan: SeenOrphan, { redis, actor, removeJob }: RemovalOptions): Promise<Removal> {
  switch (orphan.kind) {
    case 'claim':
      return (await removeClaim(redis, orphan)) ? 'removed' : 'kept';
    case 'job': {
      const isKnown = (await withinDeadline(redis.exists(keys.store(orphan.storeId ?? '')), deadlineMs)) === 1;
      return !isKnown && (await removeJob(orphan.name)) ? 'removed' : 'kept';
    }
    case 'record':
      return askDeletion(redis, orphan.name, actor);
    case 'namespace':
      return 'kept';
  }
}

/**
 * KEYS  1 hash of claims  2 store
 * ARGV  1 field  2 store id
 * Returns 1 where the claim was still that store's, the store has no record, and the claim is gone now.
 */
const removeClaimScript = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`);

async function removeClaim(redis: Redis, { name, storeId }: SeenOrphan): Promise<boolean> {
  const space = name.indexOf(' ');
  const hash = name.slice(0, space);
  if (storeId === null || space < 0) return false;
  const args = [name.slice(space + 1), storeId];
  return (await runScript(redis, removeClaimScript, [hash, keys.store(storeId)], args)) === 1;
}

/** A record goes as it would for its owner, so that its history, name and host are dealt with as always. */
async function askDeletion(redis: Redis, storeId: string, actor: string): Promise<Removal> {
  const answer = await openDoor<ApiEvent>(redis).apply(storeId, { type: 'DeletionRequested' }, { actor });
  return answer.outcome === 'applied' ? 'asked' : 'kept';
}

/** One line of what an administrator did. @throws DomainError `redis.unavailable` */
export async function writeAdminLog(
  redis: Redis,
  entry: { readonly actor: string; readonly did: string; readonly what: string },
): Promise<void> {
  const fields = Object.entries(entry).flat();
  await withinDeadline(redis.xadd(keys.adminLog, 'MAXLEN', '~', logMax, '*', ...fields), deadlineMs);
}
