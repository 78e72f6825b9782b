import { describe, expect, it } from 'vitest';
import { healthy, requested, storyToReady, tell } from '../testing/records.ts';
import type { EngineId } from './engines/catalog.ts';
import type { StoreEvent } from './events.ts';
import { decidePause, isNewCreate, type CreatesPause } from './pause.ts';
import type { StoreRecord } from './store.ts';
import type { Reason } from './verdict.ts';

const settings = { storesMin: 3, windowMs: 900_000, probeEveryMs: 60_000 };
const applied = storyToReady.slice(0, 5);
const hindered = (reason: Reason): StoreEvent =>
  ({ ...healthy(1, reason), verdict: 'hindered', reason, setupDone: false }) as StoreEvent;
/** Told from 1 s on, an event a second: the fault shows at 6 s. */
const faulty = (reason: Reason = 'ImagePullFailing'): StoreRecord => tell([...applied, hindered(reason)]);
const ofEngine = (record: StoreRecord, engine: EngineId): StoreRecord => ({
  ...record,
  identity: { ...record.identity, engine },
});
const many = (count: number, record: StoreRecord): StoreRecord[] => Array.from({ length: count }, () => record);
const pause: CreatesPause = {
  engine: 'medusa',
  cause: 'ImagePullFailing',
  since: 10_000,
  stores: 3,
  probeEveryMs: 60_000,
};
const decide = (records: readonly StoreRecord[], inForce: CreatesPause | null = null, now = 10_000) =>
  decidePause(records, inForce, { engine: 'medusa', now, settings });

const late: StoreEvent = { type: 'DeadlinePassed', generation: 1 };
const failed = tell([...applied, hindered('ImagePullFailing'), late]);
const readySince = (startMs: number): StoreRecord => tell(storyToReady, startMs);
const served = tell([...storyToReady, hindered('ImagePullFailing')]);
const leaving = tell([...applied, hindered('ImagePullFailing'), { type: 'DeletionRequested' }]);

describe('F34: creates pause', () => {
  it.each<[string, StoreRecord[], number, boolean]>([
    ['three fail alike', many(3, faulty()), 10_000, true],
    ['three get no volume', many(3, faulty('VolumePending')), 10_000, true],
    ['only two do', many(2, faulty()), 10_000, false],
    ['two by one cause and two by another', [...many(2, faulty()), ...many(2, faulty('VolumePending'))], 10_000, false],
    ['three are of another engine', many(3, ofEngine(faulty(), 'woocommerce')), 10_000, false],
    ['three lack room, which more room ends', many(3, faulty('Unschedulable')), 10_000, false],
    ['three meet their own quota', many(3, faulty('QuotaExceeded')), 10_000, false],
    ['three crash, each its own way', many(3, faulty('CrashLooping')), 10_000, false],
    ['three served before', many(3, served), 10_000, false],
    ['three are being deleted', many(3, leaving), 10_000, false],
    ['three failed for it at their deadline', many(3, failed), 10_000, true],
    ['three failed for it long ago', many(3, failed), 7_000 + settings.windowMs, false],
    ['one came through since', [...many(3, faulty()), readySince(5_000)], 12_000, false],
    ['one came through before', [...many(3, faulty()), readySince(0)], 10_000, true],
  ])('%s', (_name, records, now, begins) => {
    expect(decide(records, null, now).kind).toBe(begins ? 'begin' : 'go-on');
  });

  it('says since when, why and by how many', () => {
    expect(decide(many(4, faulty()))).toEqual({ kind: 'begin', pause: { ...pause, stores: 4 } });
  });

  it.each<[string, StoreRecord[], ReturnType<typeof decide>]>([
    ['holds while one fails so', [faulty()], { kind: 'hold', pause }],
    ['holds while others are at work', [faulty(), tell(applied)], { kind: 'hold', pause }],
    ['holds beside one that was ready before', [faulty(), readySince(1_000)], { kind: 'hold', pause }],
    ['lifts when one came through', [...many(3, faulty()), readySince(9_000)], { kind: 'lift', why: 'succeeded' }],
    ['lifts when none fails so any more', [tell(applied), faulty('CrashLooping')], { kind: 'lift', why: 'gone' }],
    ['lifts when those that failed are gone', [], { kind: 'lift', why: 'gone' }],
    [
      'holds for another engine than the one that came through',
      [faulty(), ofEngine(readySince(9_000), 'woocommerce')],
      { kind: 'hold', pause },
    ],
  ])('%s', (_name, records, decision) => {
    expect(decide(records, pause, 20_000)).toEqual(decision);
  });

  it('stands still: decided again from the same records it is the same', () => {
    const records = many(3, faulty());
    const first = decide(records);
    if (first.kind !== 'begin') throw new Error(first.kind);
    expect(decide(records, first.pause, 11_000)).toEqual({ kind: 'hold', pause: first.pause });
  });
});

describe('what a pause holds back', () => {
  it.each<[string, readonly StoreEvent[], boolean]>([
    ['a wish of which nothing exists', [requested], true],
    [
      'a cancelled one, wished again',
      [requested, { type: 'CancelRequested' }, { type: 'RetryRequested', recreate: false }],
      true,
    ],
    ['what has begun', applied.slice(0, 3), false],
    ['a change', [...storyToReady, { type: 'ChangeRequested', plan: 'L' }], false],
    ['a deletion', [requested, { type: 'DeletionRequested' }], false],
    ['a cancellation', [requested, { type: 'CancelRequested' }], false],
  ])('%s', (_name, story, held) => {
    expect(isNewCreate(tell(story))).toBe(held);
  });
});
