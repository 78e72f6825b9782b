import { describe, expect, it } from 'vitest';
import { healthy, requested, storyToReady, tell } from '../testing/records.ts';
import { describeEvent } from './describe.ts';
import type { ErrorCode } from './errors.ts';
import type { StoreEvent } from './events.ts';
import { isTold } from './timeline.ts';
import type { StoreRecord } from './store.ts';

const started = (fence: number, generation = 1): StoreEvent => ({ type: 'AttemptStarted', fence, generation });
const failed = (code: ErrorCode, startGivenBack: boolean, generation = 1): StoreEvent => ({
  type: 'AttemptFailed',
  generation,
  failure: { code, message: code },
  retryInMs: 1_000,
  startGivenBack,
});
const ended: StoreEvent = { type: 'AttemptEnded' };
const away = failed('cluster.unreachable', true);
const busy = failed('cluster.busy', true);
const [, , ensured, applied] = storyToReady as readonly [StoreEvent, StoreEvent, StoreEvent, StoreEvent];
const deletion: StoreEvent = { type: 'DeletionRequested' };
const teardown: StoreEvent = { type: 'TeardownStarted', generation: 2 };

const unavailable = { ...healthy(1), verdict: 'unhealthy', reason: 'WorkloadUnavailable' } as StoreEvent;

/** The lines of a story. */
function read(events: readonly StoreEvent[]): string[] {
  let record: StoreRecord | null = null;
  const lines: string[] = [];
  for (const [index, event] of events.entries()) {
    const next = tell([event], 1_000 * (index + 1), record);
    if (isTold(event, record, next)) lines.push(describeEvent(event, next));
    record = next;
  }
  return lines;
}

describe('the timeline', () => {
  const rows: readonly [story: string, events: readonly StoreEvent[], lines: readonly string[]][] = [
    [
      'from wish to ready',
      storyToReady,
      [
        'Requested with engine medusa, size S',
        'Work began',
        'Namespace ready',
        'Release applied (chart 0.1.0)',
        'The shop page shows products',
      ],
    ],
    [
      'a long wait for the cluster is one line, another cause another',
      [requested, ...Array.from({ length: 50 }, (_, n) => [started(n), away, ended]).flat(), started(51), busy],
      ['Requested with engine medusa, size S', 'Work began', 'Waiting: cluster.unreachable', 'Waiting: cluster.busy'],
    ],
    [
      'a wait in the middle of an install',
      [requested, ...Array.from({ length: 9 }, (_, n) => [started(n), ensured, busy]).flat(), started(10), applied],
      [
        'Requested with engine medusa, size S',
        'Work began',
        'Namespace ready',
        'Waiting: cluster.busy',
        'Release applied (chart 0.1.0)',
      ],
    ],
    [
      'what is seen, once for each reason',
      [...storyToReady, healthy(1), unavailable, unavailable, healthy(1)],
      [
        'Requested with engine medusa, size S',
        'Work began',
        'Namespace ready',
        'Release applied (chart 0.1.0)',
        'The shop page shows products',
        'A part of the shop is not available',
        'The shop page shows products',
      ],
    ],
    [
      'every try that costs a start',
      [requested, started(1), failed('helm.timed-out', false), started(2), failed('helm.timed-out', false)],
      [
        'Requested with engine medusa, size S',
        'Work began',
        'Try failed: helm.timed-out',
        'Try 2 began',
        'Try failed: helm.timed-out',
      ],
    ],
    [
      'a ring for a store where nothing is owed',
      [...storyToReady, started(2), ensured, applied, ended, healthy(1)],
      [
        'Requested with engine medusa, size S',
        'Work began',
        'Namespace ready',
        'Release applied (chart 0.1.0)',
        'The shop page shows products',
      ],
    ],
    [
      'a deletion that is tried again and again',
      [
        requested,
        deletion,
        ...Array.from({ length: 9 }, (_, n) => [started(n, 2), failed('cluster.forbidden', false, 2)]).flat(),
        started(10, 2),
        teardown,
        started(11, 2),
        teardown,
      ],
      [
        'Requested with engine medusa, size S',
        'Deletion requested',
        'Work began',
        'Try failed: cluster.forbidden',
        'Teardown began',
      ],
    ],
  ];
  it.each(rows)('%s', (_story, events, lines) => {
    expect(read(events)).toEqual(lines);
  });
});
