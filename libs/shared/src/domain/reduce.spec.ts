import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthy, requested, storyToReady, tell, testIdentity } from '../testing/records.ts';
import type { ErrorCode } from './errors.ts';
import type { StoreEvent } from './events.ts';
import { isOwed } from './owed.ts';
import { isStartsExhausted, reduce, startsMax } from './reduce.ts';
import { recordSchema, type StatusValue, type StoreRecord } from './store.ts';
import type { Reason } from './verdict.ts';

const started = (generation: number, fence = generation): StoreEvent => ({ type: 'AttemptStarted', fence, generation });
const unhealthy = (generation: number): StoreEvent => ({
  ...(healthy(generation, `unhealthy-${generation}`) as Extract<StoreEvent, { type: 'HealthObserved' }>),
  verdict: 'unhealthy',
  reason: 'PageFailing',
});
const hindered = (reason: Reason): StoreEvent => ({
  ...(healthy(1, reason) as Extract<StoreEvent, { type: 'HealthObserved' }>),
  verdict: 'hindered',
  reason,
  setupDone: false,
});
const failure = { code: 'helm.unclassified', message: 'helm said no' } as const;
/** The end of a try that costs no start: what it needs is away. */
const waited = (code: ErrorCode, generation = 1): StoreEvent => ({
  type: 'AttemptFailed',
  generation,
  failure: { code, message: 'away' },
  retryInMs: 5_000,
  startGivenBack: true,
});
const ensured: StoreEvent = { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'uid-1' };
const gaveUp = (generation: number): StoreEvent => ({ type: 'GaveUp', generation, failure });
const applied = (generation: number): StoreEvent => ({
  type: 'ReleaseApplied',
  generation,
  chartVersion: '1',
  drift: 0,
});
const toApplied = storyToReady.slice(0, 5);
/** A newer wish of a store that serves, and its release. */
const changed: readonly StoreEvent[] = [
  {
    type: 'StoreFound',
    identity: { ...testIdentity, createdAt: 1 },
    desired: { ...tell([requested]).desired, generation: 2 },
    fence: 8,
    namespaceUid: 'uid-1',
    terminating: false,
  },
  started(2, 9),
  applied(2),
];
const deleted: readonly StoreEvent[] = [
  { type: 'DeletionRequested' },
  started(2),
  { type: 'TeardownStarted', generation: 2 },
];

describe('the status after a story', () => {
  const rows: readonly [
    story: string,
    events: readonly StoreEvent[],
    status: StatusValue,
    reason: Reason,
    settled: boolean,
  ][] = [
    ['a wish alone', [requested], 'queued', 'AwaitingWorker', false],
    ['an attempt', [requested, started(1)], 'provisioning', 'AwaitingNamespace', false],
    ['a namespace', storyToReady.slice(0, 3), 'provisioning', 'AwaitingRelease', false],
    ['a release', storyToReady.slice(0, 4), 'provisioning', 'AwaitingWorkloads', false],
    ['proof', storyToReady, 'ready', 'Healthy', true],
    [
      'an image that cannot be had',
      [...toApplied, hindered('ImagePullFailing')],
      'provisioning',
      'ImagePullFailing',
      false,
    ],
    [
      'an image that cannot be had until the deadline',
      [...toApplied, hindered('ImagePullFailing'), { type: 'DeadlinePassed', generation: 1 }],
      'failed',
      'ImagePullFailing',
      true,
    ],
    [
      'a deadline without a cause',
      [...toApplied, { type: 'DeadlinePassed', generation: 1 }],
      'failed',
      'DeadlinePassed',
      true,
    ],
    [
      'proof after the deadline',
      [...toApplied, { type: 'DeadlinePassed', generation: 1 }, healthy(1)],
      'ready',
      'Healthy',
      true,
    ],
    ['giving up', [requested, started(1), gaveUp(1)], 'failed', 'GaveUp', true],
    [
      'a cluster that is not there yet: the start is given back',
      [requested, started(1), waited('cluster.unreachable')],
      'queued',
      'AwaitingCluster',
      false,
    ],
    [
      'a namespace once the cluster is there',
      [requested, started(1), waited('cluster.unreachable'), started(1, 2), ensured],
      'provisioning',
      'AwaitingRelease',
      false,
    ],
    [
      'a worker that stopped in the middle of an install',
      [requested, started(1), ensured, waited('helm.cancelled')],
      'provisioning',
      'Retrying',
      false,
    ],
    [
      'a cluster that went away in the middle of an install',
      [requested, started(1), ensured, waited('cluster.unreachable')],
      'provisioning',
      'AwaitingCluster',
      false,
    ],
    [
      'a worker that stopped before anything was there',
      [requested, started(1), waited('helm.cancelled')],
      'queued',
      'Retrying',
      false,
    ],
    [
      'a failed try',
      [
        requested,
        started(1),
        { type: 'AttemptFailed', generation: 1, failure, retryInMs: 5_000, startGivenBack: false },
      ],
      'provisioning',
      'Retrying',
      false,
    ],
    ['one bad look at a serving store', [...storyToReady, unhealthy(1)], 'ready', 'PageFailing', true],
    ['a change that is applied and not judged yet', [...storyToReady, ...changed], 'ready', 'Changing', false],
    [
      'a change whose workloads make progress',
      [...storyToReady, ...changed, { ...healthy(2), verdict: 'progressing', reason: 'AwaitingPage' } as StoreEvent],
      'ready',
      'AwaitingPage',
      false,
    ],
    [
      'a retry after giving up',
      [requested, started(1), gaveUp(1), { type: 'RetryRequested', recreate: false }],
      'queued',
      'AwaitingWorker',
      false,
    ],
    [
      'deletion of a ready store',
      [...storyToReady, { type: 'DeletionRequested' }],
      'deleting',
      'AwaitingWorker',
      false,
    ],
    [
      'deletion while the cluster is away',
      [...storyToReady, { type: 'DeletionRequested' }, started(2), waited('cluster.unreachable', 2)],
      'deleting',
      'AwaitingCluster',
      false,
    ],
    [
      'deletion that the cluster refuses',
      [
        ...storyToReady,
        { type: 'DeletionRequested' },
        started(2),
        {
          type: 'AttemptFailed',
          generation: 2,
          failure: { code: 'cluster.forbidden', message: 'no' },
          retryInMs: 1_000,
          startGivenBack: false,
        },
      ],
      'deleting',
      'Retrying',
      false,
    ],
    ['teardown', [...storyToReady, ...deleted], 'deleting', 'TearingDown', false],
    [
      'a blocked teardown',
      [
        ...storyToReady,
        ...deleted,
        {
          type: 'TeardownObserved',
          generation: 2,
          reason: 'NamespaceStuckTerminating',
          explanation: null,
          fingerprint: 'x',
        },
      ],
      'deleting',
      'NamespaceStuckTerminating',
      false,
    ],
    [
      'a gone namespace',
      [...storyToReady, ...deleted, { type: 'NamespaceGone', generation: 2 }],
      'deleted',
      'Gone',
      true,
    ],
    [
      'a namespace removed by hand',
      [...storyToReady, { type: 'NamespaceLost', generation: 1, fingerprint: 'lost' }],
      'failed',
      'NamespaceLost',
      true,
    ],
    [
      'a lost store asked for again',
      [
        ...storyToReady,
        { type: 'NamespaceLost', generation: 1, fingerprint: 'lost' },
        { type: 'RetryRequested', recreate: true },
      ],
      'queued',
      'AwaitingWorker',
      false,
    ],
    [
      'a lost store made again on request',
      [
        ...storyToReady,
        { type: 'NamespaceLost', generation: 1, fingerprint: 'lost' },
        { type: 'RetryRequested', recreate: true },
        started(2),
      ],
      'provisioning',
      'AwaitingRelease',
      false,
    ],
  ];
  it.each(rows)('%s', (_story, events, value, reason, settled) => {
    expect(tell(events).status).toMatchObject({ value, reason, settled });
  });

  it('is degraded once a serving store stayed unhealthy beyond the grace, and ready again on proof', () => {
    const record = tell([...storyToReady, unhealthy(1)]);
    const later = reduce(record, unhealthy(1), (record.observed.unhealthySince ?? 0) + 60_000);
    expect(later.accepted && later.record.status).toMatchObject({ value: 'degraded', reason: 'PageFailing' });
    const changing = tell(
      [{ type: 'RetryRequested', recreate: false }, ...changed.slice(1)],
      100_000,
      later.accepted ? later.record : null,
    );
    expect(changing.status).toMatchObject({ value: 'degraded', settled: false });
    const back = reduce(later.accepted ? later.record : record, healthy(1), 200_000);
    expect(back.accepted && back.record.status).toMatchObject({ value: 'ready', reason: 'Healthy' });
  });

  const waits: readonly [name: string, before: readonly StoreEvent[], code: ErrorCode, status: string][] = [
    ['before anything is there', [requested], 'cluster.unreachable', 'queued AwaitingCluster'],
    ['while creates pause', [requested], 'creates.paused', 'queued CreatesPaused'],
    ['in the middle of an install', [requested, started(1), ensured], 'cluster.busy', 'provisioning AwaitingCluster'],
    ['for a record that is behind', [requested], 'records.rebuilding', 'queued Retrying'],
  ];
  it.each(waits)('stands still while tries come and go: %s', (_name, before, code, status) => {
    let record = tell([...before, started(1), waited(code)], 1_000);
    const { since } = record.status;
    for (let round = 1; round <= 10; round += 1) {
      for (const event of [started(1, 10 + round), waited(code)]) {
        record = tell([event], 10_000 * round, record);
        expect(`${record.status.value} ${record.status.reason}`).toBe(status);
        expect(record.status.since).toBe(since);
      }
    }
  });

  it('counts a deadline from the first time that a release was said to be applied', () => {
    const record = tell(toApplied);
    const again = tell([started(1, 2), applied(1), { type: 'AttemptEnded' }], 500_000, record);
    expect(again.release.appliedAt).toBe(record.release.appliedAt);
    expect(again.status).toEqual(record.status);
    expect(again.attempt.startsUsed).toBe(0);
    expect(tell([{ ...applied(1), drift: 1 } as StoreEvent], 900_000, record).release.appliedAt).toBe(900_000);
  });

  it('keeps `since` while value and reason stay', () => {
    const record = tell(storyToReady);
    const again = reduce(record, healthy(1), 99_000);
    expect(again.accepted && again.record.status.since).toBe(record.status.since);
  });
});

const lostVolume: StoreEvent = {
  ...(healthy(1, 'lost') as Extract<StoreEvent, { type: 'HealthObserved' }>),
  verdict: 'fatal',
  reason: 'DataLost',
  drift: true,
};

it('a volume that was lost is not made again by the repair of a drift', () => {
  expect(isOwed(tell([...storyToReady, lostVolume]))).toBe(false);
});

it('F32: a password that the database refuses is owed no work: nothing is applied again for it', () => {
  const refused = { ...healthy(1, 'refused'), verdict: 'hindered', reason: 'DatabaseRefused' } as StoreEvent;
  for (const story of [toApplied, storyToReady]) {
    const record = tell([...story, refused]);
    expect([record.observed.reason, isOwed(record)]).toEqual(['DatabaseRefused', false]);
  }
});

describe('refusals', () => {
  const rows: readonly [event: string, story: readonly StoreEvent[], event: StoreEvent, refusal: string][] = [
    [
      'evidence for an older generation',
      [...toApplied, gaveUp(1), { type: 'RetryRequested', recreate: false }, started(2), applied(2)],
      healthy(1),
      'stale-generation',
    ],
    ['a retry of a ready store', storyToReady, { type: 'RetryRequested', recreate: false }, 'not-allowed-now'],
    [
      'a retry of a lost store without saying recreate',
      [...storyToReady, { type: 'NamespaceLost', generation: 1, fingerprint: 'x' }],
      { type: 'RetryRequested', recreate: false },
      'data-lost',
    ],
    [
      'a retry of a store that lost a volume without saying recreate',
      [...storyToReady, lostVolume],
      { type: 'RetryRequested', recreate: false },
      'data-lost',
    ],
    [
      'a change of a store that lost a volume',
      [...storyToReady, lostVolume],
      { type: 'ChangeRequested', plan: 'L' },
      'data-lost',
    ],
    [
      'a second deletion',
      [...storyToReady, { type: 'DeletionRequested' }],
      { type: 'DeletionRequested' },
      'already-done',
    ],
    [
      'a gone namespace without a teardown',
      [...storyToReady, { type: 'DeletionRequested' }],
      { type: 'NamespaceGone', generation: 2 },
      'no-teardown',
    ],
    [
      'proof for a store that is being deleted',
      [...storyToReady, { type: 'DeletionRequested' }],
      healthy(1),
      'stale-generation',
    ],
    ['giving up on a deletion', [...storyToReady, { type: 'DeletionRequested' }], gaveUp(2), 'stale-generation'],
    ['another attempt after giving up', [requested, started(1), gaveUp(1)], started(1, 2), 'already-done'],
    [
      'an attempt for an older wish',
      [...storyToReady, { type: 'DeletionRequested' }],
      started(1, 9),
      'stale-generation',
    ],
  ];
  it.each(rows)('%s', (_name, story, event, refusal) => {
    expect(reduce(tell(story), event, 50_000)).toEqual({ accepted: false, refusal });
  });

  it('an event without a record', () => {
    expect(reduce(null, healthy(1), 1)).toEqual({ accepted: false, refusal: 'no-record' });
  });
});

describe('the budget of starts', () => {
  it(`is exhausted by the start after ${startsMax}, and never for a deletion`, () => {
    let record = tell([requested]);
    for (let start = 1; start <= startsMax + 1; start += 1) {
      expect(isStartsExhausted(record)).toBe(false);
      record = tell([started(1, start)], 10_000 * start, record);
    }
    expect(isStartsExhausted(record)).toBe(true);
    const deleting = tell(
      [{ type: 'DeletionRequested' }, ...Array.from({ length: 9 }, (_, n) => started(2, 20 + n))],
      1,
      record,
    );
    expect(isStartsExhausted(deleting)).toBe(false);
  });

  it('comes back with a new wish', () => {
    const record = tell([requested, started(1), gaveUp(1), { type: 'RetryRequested', recreate: false }, started(2)]);
    expect(record.attempt.startsUsed).toBe(1);
  });
});

describe('what the worker owes', () => {
  const rows: readonly [story: string, events: readonly StoreEvent[], owed: boolean][] = [
    ['a new wish', [requested], true],
    ['an applied wish', toApplied, false],
    ['a ready store', storyToReady, false],
    ['a wish given up', [requested, started(1), gaveUp(1)], false],
    ['a deletion', [...storyToReady, { type: 'DeletionRequested' }], true],
    ['a deletion with its teardown under way', [...storyToReady, ...deleted], false],
    ['a lost store', [...storyToReady, { type: 'NamespaceLost', generation: 1, fingerprint: 'x' }], false],
    ['a ready store with drift', [...storyToReady, { ...healthy(1), drift: true } as StoreEvent], true],
  ];
  it.each(rows)('%s', (_story, events, owed) => {
    expect(isOwed(tell(events))).toBe(owed);
  });
});

describe('over random stories', () => {
  const generation = fc.integer({ min: 1, max: 4 });
  const event: fc.Arbitrary<StoreEvent> = fc.oneof(
    fc.constant<StoreEvent>({ type: 'DeletionRequested' }),
    fc.boolean().map((recreate): StoreEvent => ({ type: 'RetryRequested', recreate })),
    generation.map((g) => started(g, 100 + g)),
    generation.map((g): StoreEvent => ({ type: 'NamespaceEnsured', generation: g, namespaceUid: `uid-${g}` })),
    generation.map(applied),
    generation.map((g): StoreEvent => ({ type: 'TeardownStarted', generation: g })),
    generation.map(gaveUp),
    generation.map((g) => healthy(g)),
    generation.map(unhealthy),
    generation.map((g): StoreEvent => ({ type: 'NamespaceLost', generation: g, fingerprint: 'l' })),
    generation.map((g): StoreEvent => ({ type: 'DeadlinePassed', generation: g })),
    generation.map((g): StoreEvent => ({ type: 'NamespaceGone', generation: g })),
  );

  it('generations never fall, deletion is never taken back, the record stays well formed', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let record: StoreRecord = tell([requested]);
        let now = 2_000;
        for (const next of events) {
          const reduction = reduce(record, next, (now += 500));
          if (!reduction.accepted) continue;
          expect(reduction.record.desired.generation).toBeGreaterThanOrEqual(record.desired.generation);
          expect(reduction.record.release.generationApplied).toBeGreaterThanOrEqual(record.release.generationApplied);
          if (record.desired.intent === 'absent') expect(reduction.record.desired.intent).toBe('absent');
          if (reduction.record.status.value === 'deleted') {
            expect(reduction.record.release.teardownGeneration).toBe(reduction.record.desired.generation);
            return;
          }
          expect(recordSchema.safeParse(reduction.record).success).toBe(true);
          record = reduction.record;
        }
      }),
      { numRuns: 300 },
    );
  });
});
