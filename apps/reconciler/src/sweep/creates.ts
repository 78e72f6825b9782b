/**
 * Lets new stores of an engine wait while many fail alike, and go on as soon as one came through or the cause is gone. What
 * holds is decided from the records alone (`domain/pause.ts`), so a restart, another leader or a lost Redis decides the same.
 */
import { randomUUID } from 'node:crypto';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { decidePause, isNewCreate, type CreatesPause, type PauseSettings } from '@urumi/shared/domain/pause';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Doorbell } from '@urumi/shared/server/queue/doorbell';
import type { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import type { StoreRepository } from '@urumi/shared/server/store/repository';

export interface CreatesWatch {
  readonly repository: Pick<StoreRepository, 'listIds' | 'readMany'>;
  /** Redis time in milliseconds. */
  readonly readNow: () => Promise<number>;
  readonly pauses: Pick<CreatesPauses, 'read' | 'change'>;
  readonly doorbell: Pick<Doorbell, 'ring'>;
  readonly settings: PauseSettings;
  readonly onBegin: (pause: CreatesPause) => void;
  readonly onLift: (pause: CreatesPause, why: 'succeeded' | 'gone') => void;
}

const pageIds = 100;

/**
 * @returns the pauses in force
 * @throws DomainError `redis.unavailable`
 *
 * Safe to repeat and to run beside others: every change compares first.
 */
export async function watchCreates(watch: CreatesWatch): Promise<readonly CreatesPause[]> {
  const { repository, pauses, settings } = watch;
  const [now, records] = [await watch.readNow(), await readAll(repository)];
  const inForce: CreatesPause[] = [];
  for (const engine of engineIds) {
    const seen = await pauses.read(engine);
    const decision = decidePause(records, seen.pause, { engine, now, settings });
    switch (decision.kind) {
      case 'go-on':
        break;
      case 'begin':
        if (await pauses.change(seen, decision.pause)) watch.onBegin(decision.pause);
        inForce.push(decision.pause);
        break;
      case 'hold':
        await pauses.change(seen, decision.pause);
        inForce.push(decision.pause);
        break;
      case 'lift':
        if (seen.pause === null || !(await pauses.change(seen, null))) break;
        watch.onLift(seen.pause, decision.why);
        await wake(records, engine, watch.doorbell);
        break;
    }
  }
  return inForce;
}

async function readAll(repository: CreatesWatch['repository']): Promise<StoreRecord[]> {
  const ids = await repository.listIds();
  const records: StoreRecord[] = [];
  for (let index = 0; index < ids.length; index += pageIds) {
    records.push(...(await repository.readMany(ids.slice(index, index + pageIds))));
  }
  return records;
}

/** Takes what waits out of its delay. Who is missed comes by itself, no later than the next probe would have. */
async function wake(
  records: readonly StoreRecord[],
  engine: EngineId,
  doorbell: CreatesWatch['doorbell'],
): Promise<void> {
  for (const record of records) {
    const { identity, desired, attempt } = record;
    if (identity.engine !== engine || !isNewCreate(record) || attempt.lastFailure?.code !== 'creates.paused') continue;
    const { generation, intent } = desired;
    await doorbell.ring(
      { storeId: identity.id, generation, intent, owner: identity.owner, traceId: randomUUID() },
      'wish',
    );
  }
}
