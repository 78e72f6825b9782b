/**
 * What the worker still owes a store. The owed sweep rings for every store for which this is true; the repository keeps
 * the answer as an index, so the sweep never reads settled stores.
 */
import type { StoreRecord } from './store.ts';

/** True while the newest wish is not applied (or torn down) and the worker has not given up on it. */
export function isOwed(record: StoreRecord): boolean {
  const { desired, attempt, release, observed } = record;
  if (desired.intent === 'absent') return release.teardownGeneration !== desired.generation;
  if (observed.lostGeneration === desired.generation) return false;
  const ended = attempt.generation === desired.generation && attempt.gaveUp !== null;
  if (ended) return false;
  if (desired.halted) return false;
  return release.generationApplied !== desired.generation || observed.drift > release.driftAnswered;
}
