/** What is said about a store whose wish has failed, once its objects say nothing more. Pure. */
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { Assessment } from './assess.ts';
import type { Fault } from './assess/part.ts';

/**
 * True where a look finds no fault and no health at a store that has failed: its pods and Jobs were cleared away, or start
 * once more. What was explained stays, until the store is well, another fault shows, or a new wish is applied.
 */
export function keepsFailure({ status, observed, release, desired }: StoreRecord, assessment: Assessment): boolean {
  const isOfThisWish =
    release.generationApplied === desired.generation && observed.generationSeen >= desired.generation;
  return status.value === 'failed' && isOfThisWish && assessment.verdict === 'progressing';
}

/** What is not ready when the deadline passes without a named fault: the first part that does not stand. */
export function buildLateFault({ components, reason, speaker }: Assessment): Fault | null {
  const late = components.find(({ state }) => state !== 'ready');
  if (late === undefined) return null;
  return {
    reason,
    object: speaker === null ? `Component ${late.name}` : `Pod ${speaker.log.pod}`,
    message: `not ready within the deadline: ${late.name}: ${late.detail}`,
    log: speaker?.log ?? null,
  };
}
