/**
 * What the worker still owes a store. The owed sweep rings for every store for which this is true; the repository keeps
 * the answer as an index, so the sweep never reads settled stores.
 */
import { isDataLost, isLeftLost } from './loss.ts';
import type { StoreRecord } from './store.ts';

/**
 * True while the newest wish is not applied (or torn down) and the worker has not given up on it. A cancelled wish is owed
 * until the worker has said so: a release that was under way must not stay pending.
 */
export function isOwed(record: StoreRecord): boolean {
  const { desired, attempt, release, observed } = record;
  if (desired.intent === 'absent') return release.teardownGeneration !== desired.generation;
  if (isLeftLost(record)) return false;
  const ended = attempt.generation === desired.generation && attempt.gaveUp !== null;
  if (ended) return false;
  if (release.generationApplied !== desired.generation) return true;
  // Repairing would make the lost volume again, empty, unasked.
  return observed.drift > release.driftAnswered && !isDataLost(record);
}
