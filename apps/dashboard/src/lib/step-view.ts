/**
 * The steps of a store as rows of its timeline: when each began, how long it took, in which try; what runs and how that
 * compares with what is usual; what each waits for. Pure; all times are server times.
 */
import type { MetricsView, StepName, StoreView, TimelineEntryView } from '../api/generated/types.gen.ts';
import { formatDuration } from './format-time.ts';
import { stepTitles, tellNextTry, viewStatus, type StatusFacts } from './status-view.ts';

export type StepRowState = 'waiting' | 'running' | 'retrying' | 'done' | 'failed' | 'stopped';

export interface StepRow {
  readonly key: 'line' | StepName;
  readonly title: string;
  readonly state: StepRowState;
  /** Server time in milliseconds, where it is known. */
  readonly beganAt: number | null;
  /** `4 s`: how long it took, or has been running; empty where that is not known. */
  readonly length: string;
  /** Only of a step that runs and whose usual length is known. */
  readonly pace: StepPace | null;
  /** Plain clauses: what is waited for, the cause, the try; may be empty. */
  readonly note: string;
}

export interface StepPace {
  /** Share of the usual length that has passed, 0 to 1; it says nothing about how much is done. */
  readonly share: number;
  /** `Usually 45 s`, `Longer than usual (45 s)` */
  readonly text: string;
  readonly isSlow: boolean;
}

/** Milliseconds, from past runs. */
export interface UsualLength {
  readonly usualMs: number;
  /** What nine of ten stay under; `null` where too few runs are known. */
  readonly slowMs: number | null;
}

export interface StepsView {
  readonly rows: readonly StepRow[];
  /** `Made in 41 s`, `Changed in 12 s`, `Under way for 24 s`, `Waiting for 8 s`, `Stopped after 3 min`. */
  readonly headline: string;
  readonly finished: boolean;
  /** Server time of the newest wish; `null` where the timeline no longer tells it. */
  readonly wishedAt: number | null;
  /** Milliseconds since the wish while it is under way, else `null`. */
  readonly underWayMs: number | null;
}

type StepFacts = StatusFacts & Pick<StoreView, 'createdAt' | 'generation' | 'served'>;
type StepFact = StoreView['steps'][number];

/** What each step needs before it can begin. */
const needs: Readonly<Record<StepName, string>> = {
  namespace: 'Waits for its turn',
  release: 'Waits for its space',
  database: 'Waits for the installation',
  storefront: 'Waits for the database',
  setup: 'Waits for the database',
  page: 'Waits for shop and products',
};

/** Times are told in seconds: a step this little past it is not late yet. */
const paceSlackMs = 1_000;

export function viewSteps(store: StepFacts, timeline: readonly TimelineEntryView[], now: number): StepsView {
  const wish = findWish(store, timeline);
  const { status } = store;
  const allDone = store.steps.length > 0 && store.steps.every((step) => step.state === 'done');
  // While a change is made the parts of before still serve: that each step is done does not make it done.
  const finished = allDone && status.settled && status.value !== 'failed';
  const again = !allDone && hasBeenMade(store);
  // A change that ended, by itself or by a person, leaves a store that serves and steps that go no further.
  const stopped = !again && (status.value === 'failed' || (status.settled && !finished));
  const context = { wish, now, stopped, againSince: again ? Date.parse(status.since) : null };
  return {
    rows: [viewLine(store, timeline, context), ...store.steps.map((step) => viewStep(store, step, context))],
    headline: tellHeadline(),
    finished,
    wishedAt: wish?.at ?? null,
    underWayMs: finished || stopped || again || wish === null ? null : Math.max(0, now - wish.at),
  };

  function tellHeadline(): string {
    if (finished) {
      const made = wish?.isChange === true ? 'Changed' : 'Made';
      const doneAt = Math.max(...store.steps.map((step) => readTime(step.endedAt) ?? 0));
      return wish !== null && doneAt > wish.at ? `${made} in ${formatDuration(doneAt - wish.at)}` : made;
    }
    if (again)
      return status.settled
        ? 'A finished step fails now'
        : `Starting again for ${formatDuration(now - Date.parse(status.since))}`;
    if (stopped) return withLength('Stopped after', 'Stopped', readTime(status.since) ?? now);
    return status.value === 'queued'
      ? withLength('Waiting for', 'Waiting', now)
      : withLength('Under way for', 'Under way', now);
  }

  function withLength(verb: string, alone: string, until: number): string {
    return wish === null ? alone : `${verb} ${formatDuration(Math.max(0, until - wish.at))}`;
  }
}

/** True where everything that was wished is installed and the shop served: what is not up now was up before. */
function hasBeenMade({ served, status, steps }: StepFacts): boolean {
  const serves = status.value === 'ready' || status.value === 'degraded';
  const ofWish = status.reason === 'Changing' || status.reason === 'ChangeFailed' || status.reason === 'Halted';
  return served && serves && !ofWish && steps.some(({ name, state }) => name === 'release' && state === 'done');
}

interface Wish {
  readonly at: number;
  readonly isChange: boolean;
}

/** The newest wish: lengths count from it. A stop wishes nothing to be made. */
function findWish(store: StepFacts, timeline: readonly TimelineEntryView[]): Wish | null {
  const wishes = timeline.filter(({ type }) => wishTypes.has(type));
  const newest = wishes.at(-1);
  if (newest !== undefined) return { at: Date.parse(newest.at), isChange: newest.type === 'ChangeRequested' };
  return store.generation === 1 ? { at: Date.parse(store.createdAt), isChange: false } : null;
}

const wishTypes: ReadonlySet<string> = new Set(['StoreRequested', 'RetryRequested', 'ChangeRequested']);

interface StepContext {
  readonly wish: Wish | null;
  readonly now: number;
  readonly stopped: boolean;
  /** Since when a store that was made is not whole any more; `null` elsewhere. */
  readonly againSince: number | null;
}

function viewLine(store: StepFacts, timeline: readonly TimelineEntryView[], { wish, now }: StepContext): StepRow {
  const base = { key: 'line', title: 'In line', beganAt: wish?.at ?? null, pace: null } as const;
  const since = (until: number | null) =>
    wish === null || until === null ? '' : formatDuration(Math.max(0, until - wish.at));
  if (store.status.value === 'queued') {
    const { queuePosition } = store;
    const before = queuePosition === null || queuePosition < 2 ? null : `${queuePosition - 1} before you`;
    return { ...base, state: 'running', length: since(now), note: before ?? viewStatus(store, now).sentence };
  }
  const begun = timeline
    .filter(({ type }) => type === 'AttemptStarted')
    .map(({ at }) => Date.parse(at))
    .find((at) => wish !== null && at >= wish.at);
  return { ...base, state: 'done', length: since(begun ?? null), note: '' };
}

function viewStep(store: StepFacts, step: StepFact, { wish, now, stopped, againSince }: StepContext): StepRow {
  // The step itself may have begun days ago, with the installation.
  const beganAt = againSince === null || step.state === 'done' ? readTime(step.startedAt) : againSince;
  const endedAt = readTime(step.endedAt);
  const base = { key: step.name, title: stepTitles[step.name], beganAt, pace: null } as const;
  const inTry = step.attempt !== null && step.attempt > 1 ? `Try ${step.attempt}` : '';
  switch (step.state) {
    case 'done': {
      const kept = endedAt !== null && wish !== null && endedAt < wish.at;
      const length = kept || step.durationMs === null ? '' : formatDuration(step.durationMs);
      return {
        ...base,
        beganAt: kept ? null : beganAt,
        state: 'done',
        length,
        note: kept ? 'Kept from before' : inTry,
      };
    }
    case 'running': {
      if (stopped) return { ...base, state: 'stopped', length: '', note: 'Not finished' };
      const { attempt, status } = store;
      if (status.reason === 'Retrying' || (attempt.nextTryAt !== null && attempt.failure !== null))
        return { ...base, state: 'retrying', length: '', note: tellNextTry(attempt, now) };
      const elapsedMs = beganAt === null ? null : Math.max(0, now - beganAt);
      return {
        ...base,
        state: 'running',
        length: elapsedMs === null || elapsedMs < 1_000 ? '' : formatDuration(elapsedMs),
        pace:
          againSince !== null || elapsedMs === null || step.expectedMs === null
            ? null
            : viewPace(elapsedMs, { usualMs: step.expectedMs, slowMs: step.slowMs }),
        note: inTry,
      };
    }
    case 'failed': {
      // The api marks the step it stood at; a person who stops a store sees nothing fail.
      if (store.status.reason === 'Halted')
        return { ...base, state: 'stopped', length: '', note: 'You stopped it here' };
      const length =
        againSince !== null || beganAt === null || endedAt === null
          ? ''
          : formatDuration(Math.max(0, endedAt - beganAt));
      // What fails again has no beginning of its own; since when, the note says.
      return {
        ...base,
        beganAt: againSince === null ? beganAt : null,
        state: 'failed',
        length,
        note: viewStatus(store, now).sentence,
      };
    }
    case 'waiting':
      return stopped
        ? { ...base, state: 'stopped', length: '', note: 'Not reached' }
        : { ...base, state: 'waiting', length: '', note: needs[step.name] };
  }
}

/** How long stores take from the request to their first page; `null` where none has served yet. */
export function readUsualReady(metrics: MetricsView | undefined): UsualLength | null {
  const usualMs = metrics?.medianReadyMs ?? null;
  return metrics === undefined || usualMs === null ? null : { usualMs, slowMs: metrics.slowReadyMs };
}

function viewPace(elapsedMs: number, usual: UsualLength): StepPace {
  return { share: usual.usualMs <= 0 ? 1 : Math.min(1, elapsedMs / usual.usualMs), ...tellPace(elapsedMs, usual) };
}

/** Past the usual length nothing is wrong yet: half of all runs are. Past what nine of ten stay under, it is worth a word. */
export function tellPace(elapsedMs: number, { usualMs, slowMs }: UsualLength): Pick<StepPace, 'text' | 'isSlow'> {
  const isSlow = slowMs !== null && elapsedMs > slowMs + paceSlackMs;
  const usual = formatDuration(usualMs);
  return { text: isSlow ? `Longer than usual (${usual})` : `Usually ${usual}`, isSlow };
}

function readTime(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
