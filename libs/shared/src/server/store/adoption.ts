/**
 * Adoption: a record from the stamp on a namespace, or an older record raised to it. The only change that may be written
 * while the gate is shut, and the way back after Redis was lost. Never lowers a generation or a fence.
 */
import type { Redis } from 'ioredis';
import { DomainError } from '../../domain/errors.ts';
import type { StoreFound } from '../../domain/events.ts';
import { reduce } from '../../domain/reduce.ts';
import { commit } from './commit.ts';
import { toCommitError } from './door.ts';
import { readTime, StoreRepository } from './repository.ts';

const roundsMax = 25;

/**
 * `adopted`: there was no record; `raised`: the record was older than the stamp; `known`: the record says as much or more;
 * `buried`: a tombstone says that this store was deleted; `claimed`: another store holds its name or host.
 */
export type Adoption = 'adopted' | 'raised' | 'known' | 'buried' | 'claimed';

/**
 * @throws DomainError `redis.unavailable`, `records.contended`, `record.schema-newer`
 *
 * Safe to repeat: a second call with the same stamp answers `known`.
 */
export async function adoptStore(redis: Redis, found: StoreFound): Promise<Adoption> {
  const repository = new StoreRepository(redis);
  for (let round = 0; round < roundsMax; round += 1) {
    const snapshot = await repository.read(found.identity.id);
    const reduction = reduce(snapshot?.record ?? null, found, snapshot?.now ?? (await readTime(redis)));
    if (!reduction.accepted) return 'known';
    const answer = await commit(redis, {
      event: found,
      previous: snapshot?.record ?? null,
      next: reduction.record,
      version: snapshot?.version ?? 0,
      actor: 'urumi',
      needsGate: false,
      ...(snapshot === null ? { claim: { storesMax: null, idempotency: null } } : {}),
    });
    switch (answer.kind) {
      case 'ok':
        return snapshot === null ? 'adopted' : 'raised';
      case 'buried':
        return 'buried';
      case 'name-taken':
      case 'host-taken':
        return 'claimed';
      case 'conflict':
        continue;
      default:
        throw toCommitError(answer);
    }
  }
  throw new DomainError('records.contended', { rounds: roundsMax });
}
