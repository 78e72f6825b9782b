/**
 * Unlocks a release that its killed writer left pending: drops that one revision's Secret. Never uninstalls or rolls back,
 * so secrets stay with their volumes and the next install adopts what exists.
 */
import type { Adapters, AttemptContext } from '../context.ts';
import type { ReleaseRevision } from '../../facts.ts';

export async function unlockRelease(
  { releases }: Adapters,
  attempt: AttemptContext,
  release: ReleaseRevision,
): Promise<void> {
  await attempt.record({ type: 'StepBegan', step: 'unlock' });
  attempt.note(`release: revision ${release.revision} was left ${release.status}, dropping it`);
  attempt.assertMayAct();
  await releases.drop(attempt.storeId, release, attempt.signal);
}
