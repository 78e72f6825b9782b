/** What holds in every story, however its events come: late, twice, for an older wish, or while a deletion is under way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthy, requested, tell, testIdentity } from '../testing/records.ts';
import { findDeadline } from './deadline.ts';
import type { StoreEvent } from './events.ts';
import { findClaimedHosts, findServedHost } from './hosts.ts';
import { isOwed } from './owed.ts';
import { defaultPatience, reduce } from './reduce.ts';
import { deriveSteps, stepNames } from './steps.ts';
import { recordSchema, type StoreRecord } from './store.ts';
import { buildTimelineEntry, timelineEntrySchema } from './timeline-entry.ts';

const times = { provisioningDeadlineMs: 900_000, teardownStalledMs: 120_000 };
const hosts = ['k7m2q0l1.localhost', 'b.localhost', 'c.localhost'] as const;
const failure = { code: 'helm.unclassified', message: 'no' } as const;
const wait = { code: 'cluster.unreachable', message: 'away' } as const;
const paused = { code: 'creates.paused', message: 'others fail' } as const;

/** An event as its teller would word it, knowing a record that may be older than the newest wish. */
type Tale = (record: StoreRecord) => StoreEvent;
type Teller = (generation: number, record: StoreRecord) => StoreEvent;

const lags = fc.constantFrom(0, 0, 0, 1, 2);
const atLag = (teller: Teller): fc.Arbitrary<Tale> =>
  lags.map((lag) => (record) => teller(Math.max(1, record.desired.generation - lag), record));

const health = (g: number, changes: object): StoreEvent => {
  return { ...healthy(g, JSON.stringify([g, changes])), ...changes };
};

const tale: fc.Arbitrary<Tale> = fc.oneof(
  fc.constant<Tale>(() => ({ type: 'CancelRequested' })),
  fc.boolean().map((recreate): Tale => () => ({ type: 'RetryRequested', recreate })),
  fc.constantFrom('S', 'M', 'L').map((plan): Tale => () => ({ type: 'ChangeRequested', plan })),
  fc.constantFrom(...hosts).map((host): Tale => () => ({ type: 'ChangeRequested', host })),
  { weight: 1, arbitrary: fc.constant<Tale>(() => ({ type: 'DeletionRequested' })) },
  atLag((generation, { attempt }) => ({ type: 'AttemptStarted', fence: attempt.fence + 1, generation })),
  fc
    .constantFrom('namespace', 'unlock', 'release', 'teardown')
    .map((step): Tale => () => ({ type: 'StepBegan', step })),
  fc.constantFrom('uid-1', 'uid-2').map((namespaceUid): Tale => ({ desired }) => ({
    type: 'NamespaceEnsured',
    generation: desired.generation,
    namespaceUid,
  })),
  atLag((generation, { observed }) => ({
    type: 'ReleaseApplied',
    generation,
    chartVersion: '1',
    drift: observed.drift,
  })),
  atLag((generation) => ({ type: 'TeardownStarted', generation })),
  atLag((generation) => ({ type: 'AttemptFailed', generation, failure, retryInMs: 5_000, startGivenBack: false })),
  atLag((generation) => ({ type: 'AttemptFailed', generation, failure: wait, retryInMs: 5_000, startGivenBack: true })),
  atLag((generation) => ({
    type: 'AttemptFailed',
    generation,
    failure: paused,
    retryInMs: 5_000,
    startGivenBack: true,
  })),
  atLag((generation) => ({ type: 'GaveUp', generation, failure })),
  fc.constant<Tale>(() => ({ type: 'AttemptEnded' })),
  atLag((g) => health(g, {})),
  atLag((g) => health(g, { drift: true })),
  atLag((g) => health(g, { verdict: 'unhealthy', reason: 'PageFailing' })),
  atLag((g) => health(g, { verdict: 'progressing', reason: 'AwaitingWorkloads', setupDone: false })),
  atLag((g) => health(g, { verdict: 'hindered', reason: 'ImagePullFailing', setupDone: false })),
  atLag((g) => health(g, { verdict: 'fatal', reason: 'SetupFailed', setupDone: false })),
  atLag((generation) => ({ type: 'NamespaceLost', generation, fingerprint: 'lost' })),
  atLag((generation) => ({ type: 'DeadlinePassed', generation })),
  atLag((generation) => {
    return { type: 'TeardownObserved', generation, reason: 'TeardownStalled', explanation: null, fingerprint: 'x' };
  }),
  atLag((generation) => ({ type: 'NamespaceGone', generation })),
  fc.boolean().map((terminating): Tale => ({ attempt, desired }) => ({
    type: 'StoreFound',
    identity: { ...testIdentity, createdAt: 1 },
    desired: { ...desired, generation: Math.max(1, desired.generation - 1) },
    fence: attempt.fence + 2,
    namespaceUid: 'uid-1',
    terminating,
  })),
);
const beat = fc.record({ tale, afterMs: fc.constantFrom(1, 500, 5_000, 70_000) });
const stories = fc.array(beat, { maxLength: 60 });

/** Runs a story and shows every accepted step. */
function follow(
  beats: readonly { readonly tale: Tale; readonly afterMs: number }[],
  look: (before: StoreRecord, event: StoreEvent, after: StoreRecord, now: number) => void,
): void {
  let record = tell([requested]);
  let now = 2_000;
  for (const { tale: tellIt, afterMs } of beats) {
    now += afterMs;
    const event = tellIt(record);
    const reduction = reduce(record, event, now);
    if (!reduction.accepted) continue;
    look(record, event, reduction.record, now);
    if (reduction.record.status.value === 'deleted') return;
    record = reduction.record;
  }
}

const runs = { numRuns: 300 };
const inEveryStory = (look: Parameters<typeof follow>[1]): void =>
  fc.assert(
    fc.property(stories, (beats) => follow(beats, look)),
    runs,
  );

describe('in every story', { timeout: 30_000 }, () => {
  it('generation and fence never fall, nor what was applied', () => {
    inEveryStory((before, _event, after) => {
      expect(after.desired.generation).toBeGreaterThanOrEqual(before.desired.generation);
      expect(after.attempt.fence).toBeGreaterThanOrEqual(before.attempt.fence);
      expect(after.release.generationApplied).toBeGreaterThanOrEqual(before.release.generationApplied);
    });
  });

  it('promise 6: deletion wins: after it nothing but deleting and deleted comes', () => {
    inEveryStory((before, _event, after) => {
      if (before.desired.intent !== 'absent') return;
      expect(after.desired.intent).toBe('absent');
      expect(['deleting', 'deleted']).toContain(after.status.value);
      expect(after.release.generationApplied).toBeLessThan(after.desired.generation);
    });
  });

  it('promise 8: what is in progress has a reason, and a deadline or a worker that owes it something', () => {
    inEveryStory((_before, _event, after) => {
      const { settled, value } = after.status;
      expect(after.status.reason).not.toBe('');
      if (settled) return expect(findDeadline(after, times)).toBeNull();
      expect(isOwed(after) || findDeadline(after, times) !== null).toBe(true);
      expect(['queued', 'provisioning', 'deleting', 'ready', 'degraded']).toContain(value);
    });
  });

  it('a deadline that passes settles the wish', () => {
    inEveryStory((_before, _event, after, now) => {
      if (after.desired.intent === 'absent' || findDeadline(after, times) === null) return;
      const late = reduce(after, { type: 'DeadlinePassed', generation: after.desired.generation }, now + 1);
      if (late.accepted) expect(late.record.status.settled).toBe(true);
      else expect(after.observed.deadlineGeneration).toBe(after.desired.generation);
    });
  });

  it('the worker owes a settled store nothing but drift and the end of what was stopped', () => {
    inEveryStory((_before, _event, after) => {
      if (!after.status.settled || !isOwed(after)) return;
      const isDrift = after.observed.drift > after.release.driftAnswered;
      const isAhead = after.release.generationApplied !== after.desired.generation;
      // A verdict or a deadline may end a wish that an attempt still works on: it is applied all the same.
      expect(isDrift || after.desired.halted || isAhead).toBe(true);
    });
  });

  it('promise 2 of events: one told twice changes nothing more', () => {
    const counting: ReadonlySet<StoreEvent['type']> = new Set([
      // Each is one more of its kind; the lease and the doors see to it that they come once.
      'AttemptStarted',
      'AttemptFailed',
      'StepBegan',
      // Wishes: repeated, they are refused or a wish of their own.
      'RetryRequested',
    ]);
    inEveryStory((_before, event, after, now) => {
      if (counting.has(event.type) || after.status.value === 'deleted') return;
      const again = reduce(after, event, now);
      if (again.accepted) expect(again.record).toEqual(after);
    });
  });

  it('F42: a living store has a host, holds where it answers, and frees nothing that may be routed', () => {
    inEveryStory((before, event, after) => {
      const claimed = findClaimedHosts(after);
      if (after.status.value === 'deleted') return expect(claimed).toEqual([]);
      expect(claimed).toContain(after.desired.host);
      expect(claimed).toContain(findServedHost(after));
      expect(new Set(claimed).size).toBe(claimed.length);
      if (event.type === 'ReleaseApplied') return;
      for (const host of findClaimedHosts(before)) {
        if (after.release.generationApplied !== after.desired.generation) expect(claimed).toContain(host);
      }
    });
  });

  it('the record, its steps and its timeline keep their shape', () => {
    inEveryStory((before, event, after, at) => {
      expect(recordSchema.safeParse(after).success).toBe(true);
      expect(deriveSteps(after).map(({ name }) => name)).toEqual(stepNames);
      const entry = buildTimelineEntry(event, { previous: before, next: after, at });
      expect(timelineEntrySchema.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
    });
  });

  it('a lost store is never made again unasked', () => {
    inEveryStory((before, event, after) => {
      if (!after.desired.recreateAllowed || before.desired.recreateAllowed) return;
      expect(event.type === 'RetryRequested' && event.recreate).toBe(true);
    });
  });
});

it('the grace of the stories is the one that is used', () => {
  expect(defaultPatience.degradedGraceMs).toBeLessThan(70_000);
});
