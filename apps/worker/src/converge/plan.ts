/**
 * Decides the one next action of an attempt from the record and the facts: the table of the architecture, section 4, row
 * by row, the first that holds. Pure. It does not know how an action is done or what failed before.
 */
import { isRecreationWished } from '@urumi/shared/domain/loss';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { isNewerStamp, type Stamp } from '@urumi/shared/k8s/stamp';
import type { Facts, ReleaseRevision } from '../facts.ts';

export type GiveUpCode = 'namespace.foreign' | 'store.cancelled' | 'store.data-lost';

export type Action =
  | { readonly kind: 'give-up'; readonly code: GiveUpCode }
  | { readonly kind: 'park'; readonly why: 'namespace-terminating' | 'stamp-newer' }
  | { readonly kind: 'record-teardown' }
  | { readonly kind: 'delete-namespace'; readonly uid: string; readonly access: boolean }
  /** `bindings`: make the installer and its rights too, not the stamp alone. */
  | { readonly kind: 'ensure-namespace'; readonly bindings: boolean }
  | { readonly kind: 'unlock-release'; readonly release: ReleaseRevision }
  /** `drift`: the number of the drift that this apply answers. */
  | { readonly kind: 'apply-release'; readonly drift: number }
  | { readonly kind: 'record-applied'; readonly chartVersion: string; readonly drift: number };

/** What this attempt did so far that the record cannot say yet. */
export interface Progress {
  readonly fence: number;
  /** Namespace, stamp and bindings as ensured in this attempt, in answer to the drift of that number. */
  readonly ensured: { readonly generation: number; readonly drift: number } | null;
  /** The apply that succeeded in this attempt. */
  readonly applied: { readonly generation: number; readonly drift: number } | null;
}

export function plan(record: StoreRecord, facts: Facts, progress: Progress): Action {
  return record.desired.intent === 'absent' ? planAbsence(facts) : planPresence(record, facts, progress);
}

function planAbsence({ namespace, access }: Facts): Action {
  if (namespace.state !== 'ours' || namespace.terminating) return { kind: 'record-teardown' };
  return { kind: 'delete-namespace', uid: namespace.uid, access };
}

function planPresence(record: StoreRecord, facts: Facts, progress: Progress): Action {
  const { desired, release: known } = record;
  const { namespace, release } = facts;
  if (namespace.state === 'foreign') return { kind: 'give-up', code: 'namespace.foreign' };

  const blocked = release !== null && isPending(release);
  if (desired.halted && !blocked) return { kind: 'give-up', code: 'store.cancelled' };

  if (namespace.state === 'missing') {
    if (known.namespaceUid !== null && !isRecreationWished(record)) return { kind: 'give-up', code: 'store.data-lost' };
    return { kind: 'ensure-namespace', bindings: true };
  }
  if (namespace.terminating) return { kind: 'park', why: 'namespace-terminating' };

  const { stamp } = namespace;
  const mine = { desired, fence: progress.fence };
  if (stamp !== null && isNewerStamp(stamp, mine)) return { kind: 'park', why: 'stamp-newer' };
  const wishIsNew = stamp === null || stamp.desired.generation < desired.generation;
  const applied = progress.applied?.generation === desired.generation ? progress.applied : null;
  const ensured = progress.ensured?.generation === desired.generation ? progress.ensured : null;
  const drifted = applied === null && record.observed.drift > known.driftAnswered;
  // What drifted may be the namespace's own marks and bindings as well as what helm made.
  const unsafe = drifted && ensured === null;
  if (!facts.access || unsafe || isOlderStamp(stamp, mine)) {
    return { kind: 'ensure-namespace', bindings: !facts.access || wishIsNew || unsafe };
  }

  if (release !== null && isPending(release)) return { kind: 'unlock-release', release };

  const isCurrent = release?.status === 'deployed' && release.generation === desired.generation;
  if (!isCurrent || drifted) {
    // A drift that was seen after the namespace was ensured is left to the next attempt.
    const answers = drifted ? (ensured?.drift ?? 0) : record.observed.drift;
    return { kind: 'apply-release', drift: Math.max(answers, known.driftAnswered) };
  }
  return {
    kind: 'record-applied',
    chartVersion: release.chartVersion ?? '',
    drift: Math.max(known.driftAnswered, applied?.drift ?? 0),
  };
}

/** A release that helm refuses to touch: its writer was killed half-way. */
function isPending({ status }: ReleaseRevision): boolean {
  return status === 'uninstalling' || status.startsWith('pending-');
}

function isOlderStamp(
  stamp: Stamp | null,
  mine: { readonly desired: { readonly generation: number }; readonly fence: number },
) {
  return stamp === null || stamp.desired.generation < mine.desired.generation || stamp.fence < mine.fence;
}
