/**
 * Which events a store's timeline tells. It is short and read by people: what repeats itself, or changes nothing they could
 * see, would push the lines out that say how the store came to be.
 */
import { isWait } from './errors.ts';
import type { StoreEvent } from './events.ts';
import { isOwed } from './owed.ts';
import type { StoreRecord } from './store.ts';

/**
 * @param previous  the record before the event, `null` where none existed
 * @param next  the record with the event folded in
 */
export function isTold(event: StoreEvent, previous: StoreRecord | null, next: StoreRecord): boolean {
  if (previous === null) return true;
  const { attempt, release, status } = previous;
  switch (event.type) {
    case 'StepBegan':
    case 'AttemptEnded':
      return false;
    case 'HealthObserved':
    case 'TeardownObserved':
      return status.reason !== next.status.reason;
    case 'AttemptStarted':
      // Not a ring for nothing, nor one more look whether a wait is over.
      return isOwed(previous) && !(attempt.generation === event.generation && isTriedWithoutEnd(previous));
    case 'AttemptFailed':
      return !isTriedWithoutEnd(next) || attempt.lastFailure?.code !== event.failure.code;
    case 'NamespaceEnsured':
      return release.namespaceUid !== event.namespaceUid;
    case 'ReleaseApplied':
      return release.generationApplied !== event.generation || release.driftAnswered < event.drift;
    case 'TeardownStarted':
      return release.teardownGeneration !== event.generation;
    case 'StoreRequested':
    case 'RetryRequested':
    case 'ChangeRequested':
    case 'CancelRequested':
    case 'DeletionRequested':
    case 'GaveUp':
    case 'NamespaceLost':
    case 'DeadlinePassed':
    case 'NamespaceGone':
    case 'StoreFound':
      return true;
  }
}

/** After such a failure no count of starts ends the tries: the store waits, or is to be deleted. */
function isTriedWithoutEnd({ attempt, desired }: StoreRecord): boolean {
  return attempt.lastFailure !== null && (isWait(attempt.lastFailure.code) || desired.intent === 'absent');
}
