/**
 * The status of a store, derived from the other sections: the first rule that holds wins. Status says whether the store
 * serves; `settled` says whether the newest wish is done. The rule numbers are those of the architecture, section 3.
 */
import { isWait, type ErrorCode } from './errors.ts';
import { isHindrance } from './hindrance.ts';
import { isLeftLost } from './loss.ts';
import type { Patience } from './reduce.ts';
import type { Status, StatusValue, StoreRecord } from './store.ts';
import type { Reason } from './verdict.ts';

type Sections = Omit<StoreRecord, 'status'>;
type Conclusion = Omit<Status, 'since'>;

/** @returns the status; `since` moves only when value or reason change. */
export function deriveStatus(sections: Sections, previous: Status | null, now: number, patience: Patience): Status {
  const next = conclude(sections, now, patience);
  const unchanged = previous !== null && previous.value === next.value && previous.reason === next.reason;
  return { ...next, since: unchanged ? previous.since : now };
}

/** The moment after which the status can change by time alone, or `null`: the reconciler looks again then. */
export function findStatusExpiry(sections: Sections, patience: Patience): number | null {
  const { observed } = sections;
  return observed.served && observed.unhealthySince !== null
    ? observed.unhealthySince + patience.degradedGraceMs
    : null;
}

function conclude(sections: Sections, now: number, patience: Patience): Conclusion {
  const { desired, attempt, release, observed } = sections;
  const { generation } = desired;
  const gaveUp = attempt.gaveUp !== null && attempt.generation === generation;
  /** The last failure of this wish's tries, also while a further try runs. */
  const failure = attempt.generation === generation ? attempt.lastFailure : null;
  // Told from what failed, not from the tries themselves: the status stands still while they come and go.
  const waitsFor =
    failure !== null && isWait(failure.code) && failure.at >= (release.namespaceEnsuredAt ?? 0) ? failure.code : null;
  const begun =
    attempt.generation === generation && (waitsFor === null ? attempt.startsUsed > 0 : release.namespaceUid !== null);
  const evidenceIsCurrent = observed.generationSeen >= release.generationApplied;
  const wishApplied = release.generationApplied === generation;

  // 1, 2: an absent wish never fails; it ends or says what blocks it.
  if (desired.intent === 'absent') {
    if (observed.goneGeneration === generation) return as('deleted', 'Gone', true);
    const stalled = observed.reason === 'TeardownStalled' || observed.reason === 'NamespaceStuckTerminating';
    if (release.teardownGeneration === generation && stalled && observed.reason) {
      return as('deleting', observed.reason, false);
    }
    if (release.teardownGeneration === generation) return as('deleting', 'TearingDown', false);
    return as('deleting', failure === null ? 'AwaitingWorker' : nameFailure(failure.code), false);
  }

  // 3: only a newer wish that allows it makes a lost store again.
  if (isLeftLost(sections)) return as('failed', 'NamespaceLost', true);

  const changeFailed = gaveUp || desired.halted || observed.deadlineGeneration === generation;

  // 4: evidence beats everything that was tried meanwhile.
  if (observed.verdict === 'healthy' && evidenceIsCurrent && release.generationApplied > 0) {
    if (wishApplied) return as('ready', 'Healthy', true);
    return changeFailed ? as('ready', nameFailedChange(), true) : as('ready', 'Changing', false);
  }

  // Data that is gone stays told, also of a store that served: nothing is put in its place unasked.
  if (observed.verdict === 'fatal' && observed.reason === 'DataLost' && evidenceIsCurrent) {
    return as('failed', 'DataLost', true);
  }

  // 5: a store that served keeps its word for the grace, then is degraded.
  if (observed.served) {
    const unhealthyTooLong =
      observed.unhealthySince !== null && now - observed.unhealthySince >= patience.degradedGraceMs;
    const reason: Reason = observed.reason ?? 'WorkloadUnavailable';
    // Applied is not done: that takes evidence of the applied generation, and a judgement.
    const seen = wishApplied && evidenceIsCurrent;
    const settled = changeFailed || (seen && observed.verdict !== 'progressing');
    if (unhealthyTooLong) return as('degraded', reason, settled);
    return as('ready', changeFailed ? nameFailedChange() : seen ? reason : 'Changing', settled);
  }

  // 6: this wish has come to its end without a serving store.
  if (desired.halted) return as('failed', 'Halted', true);
  if (gaveUp) return as('failed', 'GaveUp', true);
  if (observed.verdict === 'fatal' && observed.generationSeen >= generation) {
    return as('failed', observed.reason ?? 'SetupFailed', true);
  }
  if (observed.deadlineGeneration === generation) {
    const cause = observed.reason !== null && isHindrance(observed.reason) ? observed.reason : 'DeadlinePassed';
    return as('failed', cause, true);
  }

  // 7: on the way; the reason names what is being waited for.
  if (begun || wishApplied) return as('provisioning', nameWait(), false);

  // 8
  return as('queued', waitsFor === null ? 'AwaitingWorker' : nameFailure(waitsFor), false);

  /** A change that a person stopped did not fail. */
  function nameFailedChange(): Reason {
    return desired.halted ? 'Halted' : 'ChangeFailed';
  }

  function nameWait(): Reason {
    if (wishApplied) {
      const current = observed.generationSeen >= generation ? observed.reason : null;
      return current ?? 'AwaitingWorkloads';
    }
    if (waitsFor !== null) return nameFailure(waitsFor);
    if (failure !== null && attempt.nextTryAt !== null) return 'Retrying';
    return release.namespaceUid === null ? 'AwaitingNamespace' : 'AwaitingRelease';
  }
}

/** What is waited for after a failure that ends nothing: the cluster, others' failures, or just the next try. */
function nameFailure(code: ErrorCode): Reason {
  if (code === 'creates.paused') return 'CreatesPaused';
  return isWait(code) && code.startsWith('cluster.') ? 'AwaitingCluster' : 'Retrying';
}

function as(value: StatusValue, reason: Reason, settled: boolean): Conclusion {
  return { value, reason, settled };
}
