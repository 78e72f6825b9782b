/**
 * Works a store towards its newest wish: read record and facts, plan one action, act, record, again. Ends when the wish is
 * done or given up; everything else (failures, newer wishes that end the store, a lost lease) leaves as an error.
 */
import { DomainError } from '@urumi/shared/domain/errors';
import { isNewCreate } from '@urumi/shared/domain/pause';
import type { Desired, Failure } from '@urumi/shared/domain/store';
import { AttemptStopped } from '../stopped.ts';
import { applyRelease } from './actions/apply-release.ts';
import { deleteNamespace } from './actions/delete-namespace.ts';
import { ensureNamespace } from './actions/ensure-namespace.ts';
import { unlockRelease } from './actions/unlock-release.ts';
import type { Facts } from '../facts.ts';
import type { Adapters, AttemptContext } from './context.ts';
import { askToBegin } from './ask-to-begin.ts';
import { plan, type Action, type GiveUpCode, type Progress } from './plan.ts';
import { readFacts } from './read-facts.ts';

export type Conclusion =
  | { readonly kind: 'applied' | 'torn-down'; readonly generation: number }
  | { readonly kind: 'given-up'; readonly generation: number; readonly failure: Omit<Failure, 'at'> }
  | { readonly kind: 'gone' };

/**
 * @param begun  generation the attempt was started for
 * @throws DomainError as the failing step; AttemptStopped where the attempt must end at once
 *
 * Safe to repeat, stop or kill between any two steps.
 */
export async function converge(adapters: Adapters, attempt: AttemptContext, begun: number): Promise<Conclusion> {
  let working = begun;
  let progress: Progress = { fence: attempt.fence, ensured: null, applied: null };
  const done = new Set<string>();
  for (;;) {
    attempt.assertMayAct();
    const record = await attempt.read();
    if (record === null) return { kind: 'gone' };
    const { desired } = record;
    if (isSuperseding(desired, working)) throw new AttemptStopped('superseded');
    if (desired.generation > working) {
      // A wish to change cancels nothing: this attempt picks it up, with a count of its own.
      attempt.note(`generation ${desired.generation} is wished by now`);
      await attempt.record({ type: 'AttemptStarted', fence: attempt.fence, generation: desired.generation });
      working = desired.generation;
    }

    if (isNewCreate(record)) await askToBegin(adapters, attempt, record);
    const facts = await readFacts(adapters, record, attempt.signal);
    const action = plan(record, facts, progress);
    assertFirstTime(done, action, { facts, working });
    attempt.assertMayAct();
    switch (action.kind) {
      case 'give-up': {
        const failure = describeGivingUp(action.code);
        await attempt.record({ type: 'GaveUp', generation: working, failure });
        return { kind: 'given-up', generation: working, failure };
      }
      case 'park':
        throw describePark(action.why);
      case 'record-teardown':
        await attempt.record({ type: 'TeardownStarted', generation: working });
        return { kind: 'torn-down', generation: working };
      case 'delete-namespace':
        await deleteNamespace(adapters, attempt, action);
        await attempt.record({ type: 'TeardownStarted', generation: working });
        return { kind: 'torn-down', generation: working };
      case 'ensure-namespace':
        await ensureNamespace(adapters, attempt, { record, bindings: action.bindings });
        if (action.bindings) progress = { ...progress, ensured: { generation: working, drift: record.observed.drift } };
        break;
      case 'unlock-release':
        await unlockRelease(adapters, attempt, action.release);
        break;
      case 'apply-release':
        await applyRelease(adapters, attempt, { record, revision: (facts.release?.revision ?? 0) + 1 });
        progress = { ...progress, applied: { generation: working, drift: action.drift } };
        break;
      case 'record-applied':
        await attempt.record({
          type: 'ReleaseApplied',
          generation: working,
          chartVersion: action.chartVersion,
          drift: action.drift,
          host: desired.host,
        });
        return { kind: 'applied', generation: working };
    }
  }
}

/** True for a wish that ends what an attempt for `working` does: a deletion or a cancellation. */
export function isSuperseding(desired: Desired, working: number): boolean {
  return desired.generation > working && (desired.intent === 'absent' || desired.halted);
}

/**
 * One action twice for one generation means that it does not do what the plan believes, or that somebody runs helm by hand
 * on the store: that one's revision is not ours to have made, and a later attempt begins anew.
 */
function assertFirstTime(
  done: Set<string>,
  { kind }: Action,
  { facts, working }: { readonly facts: Facts; readonly working: number },
): void {
  const step = `${kind}:${working}`;
  if (!done.has(step)) {
    done.add(step);
    return;
  }
  const isReleases = kind === 'apply-release' || kind === 'unlock-release';
  if (isReleases && facts.release?.generation !== working) {
    throw new DomainError('helm.release-changed', {}, { message: 'Somebody else changed the release meanwhile' });
  }
  throw new DomainError('invariant.broken', {}, { message: `${kind} was planned twice in one attempt` });
}

const givingUp: Readonly<Record<GiveUpCode, string>> = {
  'namespace.foreign': 'A namespace of this name exists that Urumi did not make for this store',
  'store.cancelled': 'The store was cancelled',
  'store.data-lost': 'The namespace of the store is gone, and its data with it',
};

function describeGivingUp(code: GiveUpCode): Omit<Failure, 'at'> {
  return { code, message: givingUp[code] };
}

function describePark(why: Extract<Action, { kind: 'park' }>['why']): DomainError {
  switch (why) {
    case 'namespace-terminating':
      return new DomainError('cluster.busy', {}, { message: 'An older namespace of this name is still being deleted' });
    case 'stamp-newer':
      return new DomainError('records.rebuilding', {}, { message: 'The cluster holds a newer wish than the record' });
  }
}
