/**
 * Folds one event into a record and derives the status anew. Pure: no clock, no randomness, no storage.
 * `now` is Redis time in milliseconds, read together with the record.
 */
import type { Refusal, StoreEvent, StoreFound } from './events.ts';
import { wishHosts } from './hosts.ts';
import { isDataLost, isLeftLost, isLost } from './loss.ts';
import { deriveStatus } from './status.ts';
import {
  emptyAttempt,
  emptyObserved,
  emptyRelease,
  type Attempt,
  type Desired,
  type StepStart,
  type StoreRecord,
} from './store.ts';

export type Reduction =
  { readonly accepted: true; readonly record: StoreRecord } | { readonly accepted: false; readonly refusal: Refusal };

/** Starts one generation may use; the worker gives up when a further one begins. A deletion is never given up. */
export const startsMax = 5;

/** True where the attempt that just began is one more than its generation may have. */
export function isStartsExhausted(record: StoreRecord): boolean {
  return record.desired.intent === 'present' && record.attempt.startsUsed > startsMax;
}

/** Times after which evidence changes a status. All in milliseconds. */
export interface Patience {
  /** How long a store that served may look unhealthy before it is called degraded. */
  readonly degradedGraceMs: number;
}

export const defaultPatience: Patience = { degradedGraceMs: 60_000 };

type Sections = Omit<StoreRecord, 'status'>;
type Fold = Sections | Refusal;

/**
 * @param record  the record as read, or `null` where none exists
 * @returns the new record, or the reason why the event does not apply (the record stays as it is)
 *
 * Safe to repeat: an event that was folded in before is refused as `already-done` or folds into an equal record.
 */
export function reduce(
  record: StoreRecord | null,
  event: StoreEvent,
  now: number,
  patience: Patience = defaultPatience,
): Reduction {
  const folded = record === null ? begin(event, now) : fold(record, event, now);
  if (typeof folded === 'string') return { accepted: false, refusal: folded };
  return { accepted: true, record: { ...folded, status: deriveStatus(folded, record?.status ?? null, now, patience) } };
}

function begin(event: StoreEvent, now: number): Fold {
  if (event.type === 'StoreFound') {
    return {
      identity: event.identity,
      desired: toFoundWish(event, now),
      // A fence only grows, also across a loss of Redis: the next attempt counts on from the stamp's.
      attempt: { ...emptyAttempt, fence: event.fence },
      release: { ...emptyRelease, namespaceUid: event.namespaceUid, namespaceEnsuredAt: now },
      observed: emptyObserved,
    };
  }
  if (event.type !== 'StoreRequested') return 'no-record';
  return {
    identity: { ...event.identity, createdAt: now },
    desired: {
      intent: 'present',
      generation: 1,
      plan: event.plan,
      host: event.host,
      formerHosts: [],
      setupRun: 1,
      recreateAllowed: false,
      halted: false,
      requestedAt: now,
    },
    attempt: emptyAttempt,
    release: emptyRelease,
    observed: emptyObserved,
  };
}

function fold(record: StoreRecord, event: StoreEvent, now: number): Fold {
  const { desired, attempt, release, observed } = record;
  switch (event.type) {
    case 'StoreRequested':
      return 'already-exists';

    case 'StoreFound': {
      // Compared as stamped: a namespace that somebody removed by hand must not turn a known wish into a deletion.
      const isNewerWish = event.desired.generation > desired.generation;
      if (!isNewerWish && event.fence <= attempt.fence) return 'already-done';
      return {
        ...record,
        desired: isNewerWish ? toFoundWish(event, now) : desired,
        attempt: { ...attempt, fence: Math.max(attempt.fence, event.fence) },
        release: release.namespaceUid === null ? { ...release, namespaceUid: event.namespaceUid } : release,
      };
    }

    case 'RetryRequested': {
      const lost = isLost(record);
      if (!isRetryAllowed(record)) return 'not-allowed-now';
      if ((lost || isDataLost(record)) && !event.recreate) return 'data-lost';
      return wishAnew(record, now, { setupRun: desired.setupRun + 1, recreateAllowed: lost });
    }

    case 'ChangeRequested': {
      if (desired.intent === 'absent') return 'not-allowed-now';
      // Only a retry that says so makes a lost store again; once it was asked for, the new store may still be changed.
      if (isLeftLost(record) || isDataLost(record)) return 'data-lost';
      const plan = event.plan ?? desired.plan;
      const hosts = wishHosts(record, event.host);
      const same = plan === desired.plan && hosts.host === desired.host;
      // The same once more is a wish only where the first has come to nothing.
      if (same && !(record.status.settled && isRetryAllowed(record))) return 'already-done';
      return wishAnew(record, now, { plan, ...hosts, recreateAllowed: isLost(record) });
    }

    case 'CancelRequested':
      if (!isCancelAllowed(record)) return 'not-allowed-now';
      return wishAnew(record, now, { halted: true, recreateAllowed: false });

    case 'DeletionRequested':
      if (desired.intent === 'absent') return 'already-done';
      return wishAnew(record, now, { intent: 'absent' });

    case 'AttemptStarted': {
      const sameGeneration = attempt.generation === desired.generation;
      if (event.generation !== desired.generation) return 'stale-generation';
      if (sameGeneration && attempt.gaveUp !== null) return 'already-done';
      const startsUsed = sameGeneration ? attempt.startsUsed : 0;
      return {
        ...record,
        attempt: {
          fence: event.fence,
          generation: desired.generation,
          startsUsed: startsUsed + 1,
          step: 'starting',
          stepAt: now,
          startedAt: now,
          nextTryAt: null,
          lastFailure: sameGeneration ? attempt.lastFailure : null,
          gaveUp: null,
        },
      };
    }

    case 'StepBegan':
      return { ...record, attempt: { ...attempt, step: event.step, stepAt: now } };

    case 'NamespaceEnsured':
      if (release.namespaceUid === event.namespaceUid) return record;
      return {
        ...record,
        release: {
          ...release,
          namespaceUid: event.namespaceUid,
          namespaceEnsuredAt: now,
          namespaceStart: findStepStart(attempt, 'namespace'),
        },
      };

    case 'ReleaseApplied': {
      if (event.generation < release.generationApplied) return 'stale-generation';
      // A late word about an older wish is true; that a deletion was installed is not.
      if (desired.intent === 'absent' && event.generation >= desired.generation) return 'not-allowed-now';
      // Deadlines count from the first time that this was said.
      const known = event.generation === release.generationApplied && event.drift <= release.driftAnswered;
      return {
        ...record,
        release: {
          ...release,
          generationApplied: event.generation,
          host: event.host ?? (event.generation === desired.generation ? desired.host : release.host),
          applyStart: known ? release.applyStart : findStepStart(attempt, 'release'),
          chartVersion: event.chartVersion,
          appliedAt: known ? (release.appliedAt ?? now) : now,
          driftAnswered: Math.max(release.driftAnswered, event.drift),
        },
        attempt: { ...attempt, startsUsed: 0, nextTryAt: null, lastFailure: null },
      };
    }

    case 'TeardownStarted':
      if (desired.intent !== 'absent') return 'not-allowed-now';
      return {
        ...record,
        release: {
          ...release,
          teardownGeneration: desired.generation,
          teardownAt: release.teardownGeneration === desired.generation ? release.teardownAt : now,
        },
        attempt: { ...attempt, startsUsed: 0, nextTryAt: null, lastFailure: null },
      };

    case 'AttemptFailed':
      return {
        ...record,
        attempt: {
          ...attempt,
          startsUsed: event.startGivenBack ? Math.max(0, attempt.startsUsed - 1) : attempt.startsUsed,
          nextTryAt: now + event.retryInMs,
          lastFailure: { ...event.failure, at: now },
        },
      };

    case 'GaveUp':
      if (event.generation !== desired.generation || desired.intent === 'absent') return 'stale-generation';
      return {
        ...record,
        attempt: {
          ...attempt,
          generation: event.generation,
          nextTryAt: null,
          lastFailure: { ...event.failure, at: now },
          gaveUp: { ...event.failure, at: now },
        },
      };

    case 'AttemptEnded':
      return { ...record, attempt: { ...attempt, step: 'ended', stepAt: now } };

    case 'HealthObserved': {
      if (desired.intent === 'absent') return 'stale-generation';
      if (event.generation < release.generationApplied) return 'stale-generation';
      const healthy = event.verdict === 'healthy';
      return {
        ...record,
        observed: {
          ...observed,
          verdict: event.verdict,
          reason: event.reason,
          components: [...event.components],
          explanation: event.explanation,
          notes: [...(event.notes ?? [])],
          generationSeen: event.generation,
          unhealthySince: healthy ? null : (observed.unhealthySince ?? now),
          served: observed.served || healthy,
          servedAt: observed.servedAt ?? (healthy ? now : null),
          setupDone: observed.setupDone || event.setupDone,
          drift: event.drift && observed.drift <= release.driftAnswered ? observed.drift + 1 : observed.drift,
          fingerprint: event.fingerprint,
          observedAt: now,
          // A newer release is judged anew: what was ready for the older one says nothing about its own time.
          componentReadyAt: noteReadyTimes(
            event.generation > observed.generationSeen ? {} : observed.componentReadyAt,
            event.components,
            now,
          ),
        },
      };
    }

    case 'NamespaceLost':
      if (desired.intent === 'absent' || event.generation < release.generationApplied) return 'stale-generation';
      return {
        ...record,
        observed: {
          ...emptyObserved,
          lostGeneration: desired.generation,
          lostUid: release.namespaceUid,
          fingerprint: event.fingerprint,
          observedAt: now,
        },
      };

    case 'DeadlinePassed':
      if (event.generation !== desired.generation || desired.intent === 'absent') return 'stale-generation';
      if (observed.deadlineGeneration === desired.generation) return 'already-done';
      return { ...record, observed: { ...observed, deadlineGeneration: desired.generation } };

    case 'TeardownObserved':
      if (desired.intent !== 'absent' || event.generation !== desired.generation) return 'stale-generation';
      return {
        ...record,
        observed: {
          ...observed,
          reason: event.reason,
          // The last word about a store outlives it, in its tombstone.
          explanation: event.explanation ?? observed.explanation,
          fingerprint: event.fingerprint,
          observedAt: now,
        },
      };

    case 'NamespaceGone':
      if (desired.intent !== 'absent' || event.generation !== desired.generation) return 'stale-generation';
      if (release.teardownGeneration !== desired.generation) return 'no-teardown';
      return {
        ...record,
        observed: { ...observed, goneGeneration: desired.generation, observedAt: now },
      };
  }
}

/** The wish of a stamp; a namespace on its way out counts as a deletion, which no stamp of it need have said. */
function toFoundWish({ desired, terminating }: StoreFound, now: number): Desired {
  if (!terminating || desired.intent === 'absent') return desired;
  return { ...desired, intent: 'absent', generation: desired.generation + 1, halted: false, requestedAt: now };
}

/** The next generation: what is not changed stays as it was wished, except that no wish but a cancellation is halted. */
function wishAnew(record: StoreRecord, now: number, changes: Partial<Omit<Desired, 'generation'>>): Fold {
  const { desired } = record;
  return {
    ...record,
    desired: {
      ...desired,
      ...wishHosts(record),
      halted: false,
      ...changes,
      generation: desired.generation + 1,
      requestedAt: now,
    },
  };
}

/** A retry makes sense where the newest wish is not being worked on any more, or the store is not well. */
export function isRetryAllowed(record: StoreRecord): boolean {
  if (record.desired.intent === 'absent') return false;
  const { value, reason } = record.status;
  return value === 'failed' || value === 'degraded' || reason === 'ChangeFailed' || record.desired.halted;
}

/** Only what is under way can be stopped; a deletion cannot. */
export function isCancelAllowed({ desired, status }: StoreRecord): boolean {
  return desired.intent === 'present' && !status.settled;
}

/** When the step that now succeeded began; where no step was told, with its attempt. */
function findStepStart(attempt: Attempt, step: Attempt['step']): StepStart | null {
  if (attempt.startedAt === 0) return null;
  return { at: attempt.step === step ? attempt.stepAt : attempt.startedAt, attempt: attempt.startsUsed };
}

function noteReadyTimes(
  known: StoreRecord['observed']['componentReadyAt'],
  components: readonly { readonly name: string; readonly state: string }[],
  now: number,
): Record<string, number> {
  const next = { ...known };
  for (const component of components) {
    if (component.state === 'ready') next[component.name] ??= now;
  }
  return next;
}
