/**
 * One line of a store's timeline: when, what, in which try, and the evidence where something went wrong. Kept bounded: a
 * store that is tried for a night must not fill Redis with its last log lines.
 */
import { z } from 'zod';
import { describeEvent } from './describe.ts';
import { errorKinds, type ErrorCode } from './errors.ts';
import type { StoreEvent } from './events.ts';
import type { StoreRecord } from './store.ts';
import { explanationSchema, reasonSchema, type Explanation } from './verdict.ts';

const logLinesMax = 10;
const eventsMax = 5;
const lineLengthMax = 300;

/** What advice goes by. Text of a newer release that this one does not know is no fault of the entry. */
const causeSchema = z.union([
  z.object({ reason: reasonSchema }),
  z.object({ code: z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]]) }),
]);
export type TimelineCause = z.infer<typeof causeSchema>;

export const timelineEntrySchema = z.object({
  at: z.int(),
  type: z.string(),
  text: z.string(),
  /** Number of the start within its generation, from 1; `null` for what no worker did. */
  attempt: z.int().nullable().default(null),
  trouble: z.object({ cause: causeSchema, explanation: explanationSchema }).nullable().default(null).catch(null),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/**
 * @param previous  the record before the event, `null` where none existed
 * @param at  time of the event in milliseconds
 */
export function buildTimelineEntry(
  event: StoreEvent,
  { previous, next, at }: { readonly previous: StoreRecord | null; readonly next: StoreRecord; readonly at: number },
): TimelineEntry {
  return {
    at,
    type: event.type,
    text: describeEvent(event, next),
    attempt: findAttempt(event, previous, next),
    trouble: findTrouble(event, next),
  };
}

function findAttempt(event: StoreEvent, previous: StoreRecord | null, next: StoreRecord): number | null {
  switch (event.type) {
    case 'AttemptStarted':
      return next.attempt.startsUsed;
    case 'StepBegan':
    case 'NamespaceEnsured':
    case 'ReleaseApplied':
    case 'TeardownStarted':
    case 'AttemptFailed':
    case 'GaveUp':
    case 'AttemptEnded':
      // As it was before: success and a wait give the count back. Zero says that no start was told.
      return previous === null || previous.attempt.startsUsed === 0 ? null : previous.attempt.startsUsed;
    case 'StoreRequested':
    case 'RetryRequested':
    case 'ChangeRequested':
    case 'CancelRequested':
    case 'DeletionRequested':
    case 'HealthObserved':
    case 'NamespaceLost':
    case 'DeadlinePassed':
    case 'TeardownObserved':
    case 'NamespaceGone':
    case 'StoreFound':
      return null;
  }
}

function findTrouble(event: StoreEvent, next: StoreRecord): TimelineEntry['trouble'] {
  switch (event.type) {
    case 'AttemptFailed':
    case 'GaveUp': {
      const { code, message } = event.failure;
      const object = `Try for wish ${event.generation}`;
      return { cause: { code }, explanation: { object, message: shorten(message), logLines: [], events: [] } };
    }
    case 'HealthObserved':
    case 'TeardownObserved':
      if (event.explanation === null) return null;
      return { cause: { reason: event.reason }, explanation: boundExplanation(event.explanation) };
    case 'DeadlinePassed':
      // The wish ends here: what was seen last is why.
      if (next.observed.explanation === null) return null;
      return { cause: { reason: next.status.reason }, explanation: boundExplanation(next.observed.explanation) };
    default:
      return null;
  }
}

/** The newest lines stay: they are the nearest to the failure. */
function boundExplanation(explanation: Explanation): Explanation {
  return {
    ...explanation,
    message: shorten(explanation.message),
    logLines: explanation.logLines.slice(-logLinesMax).map(shorten),
    events: explanation.events.slice(-eventsMax).map(shorten),
  };
}

function shorten(text: string): string {
  return text.length <= lineLengthMax ? text : `${text.slice(0, lineLengthMax - 1)}…`;
}
