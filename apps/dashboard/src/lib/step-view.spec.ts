import { describe, expect, it } from 'vitest';
import type { TimelineEntryView } from '../api/generated/types.gen.ts';
import { findBannedWords } from '../testing/banned-words.ts';
import { buildStatus, buildSteps, buildTimeline, fixtureNow, sampleStores, secondsAgo } from '../testing/fixtures.ts';
import { viewSteps, type StepRow } from './step-view.ts';

const tell = ({ title, state, length, note }: StepRow) => [title, state, length, note];
const clock = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(11, 19));
const wish = (type: string, ago: number): TimelineEntryView => ({
  type,
  at: secondsAgo(ago),
  text: type,
  attempt: null,
  explanation: null,
});

describe('the timeline of a store', () => {
  it('on its way: done after how long, running for how long, waiting for what', () => {
    const view = viewSteps(sampleStores.provisioning, buildTimeline(24), fixtureNow);
    expect(view.headline).toBe('Under way for 24 s');
    expect(view.rows.map(tell)).toEqual([
      ['In line', 'done', '1 s', ''],
      ['Reserve space', 'done', '6 s', ''],
      ['Install', 'done', '6 s', ''],
      ['Start database', 'done', '6 s', ''],
      ['Start shop', 'running', '4 s', ''],
      ['Add products', 'waiting', '', 'Waits for the database'],
      ['Check shop page', 'waiting', '', 'Waits for shop and products'],
    ]);
    expect(view.rows.map(({ beganAt }) => clock(beganAt))).toEqual([
      '14:02:17',
      '14:02:19',
      '14:02:25',
      '14:02:31',
      '14:02:37',
      null,
      null,
    ]);
  });

  it('queued: the line itself is what happens, with who is before', () => {
    const view = viewSteps(sampleStores.queued, buildTimeline(8), fixtureNow);
    expect(view.rows[0]).toMatchObject({ state: 'running', length: '8 s', note: '3 before you' });
    const next = viewSteps({ ...sampleStores.queued, queuePosition: 1 }, buildTimeline(8), fixtureNow);
    expect(next.rows[0]).toMatchObject({ note: 'Next in line' });
  });

  it('between tries: the step shows try, time and cause', () => {
    const view = viewSteps(sampleStores.retrying, buildTimeline(400), fixtureNow);
    expect(view.rows.find((row) => row.state === 'retrying')).toMatchObject({
      title: 'Install',
      note: 'Try 3 of 5 at 14:03: installing took over 5 min',
    });
  });

  it('in a later try: the step says in which', () => {
    const steps = buildSteps(2, 'waiting', 60).map((step) =>
      step.name === 'release' ? { ...step, attempt: 3 } : step,
    );
    const view = viewSteps({ ...sampleStores.provisioning, steps }, buildTimeline(60), fixtureNow);
    expect(view.rows.slice(1, 3).map(({ note }) => note)).toEqual(['', 'Try 3']);
  });

  it('failed: the step that failed has the cause, later ones were not reached', () => {
    const view = viewSteps(sampleStores.failed, buildTimeline(7_200), fixtureNow);
    expect(view.headline).toBe('Stopped after 10 min');
    expect(view.rows.slice(-2)).toMatchObject([
      { title: 'Add products', state: 'failed', note: 'Adding products failed' },
      { title: 'Check shop page', state: 'stopped', note: 'Not reached' },
    ]);
  });

  it('stopped by a person: nothing failed', () => {
    const view = viewSteps(sampleStores.cancelled, buildTimeline(300), fixtureNow);
    expect(view.headline).toBe('Stopped after 30 s');
    expect(view.rows.slice(3, 5)).toMatchObject([
      { title: 'Start database', state: 'stopped', note: 'You stopped it here' },
      { title: 'Start shop', state: 'stopped', note: 'Not reached' },
    ]);
  });

  it('done: counts from the newest wish, and keeps what an earlier one made', () => {
    const steps = buildSteps(6, 'done', 60).map((step, index) => ({
      ...step,
      endedAt: secondsAgo(index < 2 ? 500 : 40 - index),
    }));
    const timeline = [...buildTimeline(600), wish('RetryRequested', 60)];
    const view = viewSteps({ ...sampleStores.ready, steps }, timeline, fixtureNow);
    expect(view).toMatchObject({ finished: true, headline: 'Made in 25 s' });
    expect(view.rows[1]).toMatchObject({ title: 'Reserve space', beganAt: null, length: '', note: 'Kept from before' });
  });

  it('a change has its own word, and a stop is no wish', () => {
    const steps = buildSteps(6, 'done', 50);
    const changed = [...buildTimeline(600), wish('ChangeRequested', 50)];
    const store = { ...sampleStores.ready, generation: 2, steps };
    expect(viewSteps(store, changed, fixtureNow).headline).toBe('Changed in 38 s');
    expect(viewSteps(store, [...changed, wish('CancelRequested', 5)], fixtureNow).headline).toBe('Changed in 38 s');
  });

  it('a change is not done while the parts of before still serve', () => {
    const view = viewSteps(sampleStores.unproven, [wish('ChangeRequested', 300)], fixtureNow);
    expect(view).toMatchObject({ finished: false, headline: 'Under way for 5 min' });
  });

  it('a stopped change goes no further, though the shop serves', () => {
    const store = { ...sampleStores.changing, status: buildStatus('ready', 'Halted', 3, true) };
    const view = viewSteps(store, [wish('ChangeRequested', 9)], fixtureNow);
    expect(view.headline).toBe('Stopped after 6 s');
    expect(view.rows.filter(({ state }) => state === 'running')).toEqual([]);
  });

  it('without the wish in the timeline no length is made up', () => {
    const view = viewSteps({ ...sampleStores.ready, generation: 4 }, [], fixtureNow);
    expect([view.headline, view.wishedAt]).toEqual(['Made', null]);
  });
});

describe('against what is usual', () => {
  const running = (elapsed: number, expectedMs: number | null, slowMs: number | null) => {
    const steps = buildSteps(4).map((step) =>
      step.name === 'setup' ? { ...step, startedAt: secondsAgo(elapsed), expectedMs, slowMs } : step,
    );
    const store = { ...sampleStores.provisioning, steps };
    return viewSteps(store, buildTimeline(90), fixtureNow).rows.find(({ key }) => key === 'setup')?.pace;
  };

  it.each([
    [9, 45_000, 70_000, { share: 0.2, text: 'Usually 45 s', isSlow: false }],
    [45, 45_000, 70_000, { share: 1, text: 'Usually 45 s', isSlow: false }],
    [70, 45_000, 70_000, { share: 1, text: 'Usually 45 s', isSlow: false }],
    [72, 45_000, 70_000, { share: 1, text: 'Longer than usual (45 s)', isSlow: true }],
    [2, 0, 0, { share: 1, text: 'Longer than usual (under 1 s)', isSlow: true }],
    [300, 45_000, null, { share: 1, text: 'Usually 45 s', isSlow: false }],
    [300, null, null, null],
  ] as const)('%i s, usually %s ms, nine of ten within %s ms', (elapsed, expectedMs, slowMs, pace) =>
    expect(running(elapsed, expectedMs, slowMs)).toEqual(pace),
  );
});

describe('a store that was made and is not whole any more', () => {
  it('says so, and counts no days from its installation', () => {
    const view = viewSteps(sampleStores.degraded, buildTimeline(12 * 86_400), fixtureNow);
    expect(view).toMatchObject({ headline: 'A finished step fails now', underWayMs: null });
    expect(view.rows.at(-1)).toMatchObject({ state: 'failed', length: '', beganAt: null });
  });

  it('on its way back: since when', () => {
    const days = 12 * 86_400;
    const store = {
      ...sampleStores.degraded,
      status: buildStatus('ready', 'AwaitingWorkloads', 20),
      steps: [...buildSteps(6, 'done', days).slice(0, 3), ...buildSteps(3, 'running', days).slice(3)],
    };
    const view = viewSteps(store, buildTimeline(days), fixtureNow);
    expect(view.headline).toBe('Starting again for 20 s');
    expect(view.rows.find(({ state }) => state === 'running')).toMatchObject({ length: '20 s', pace: null });
  });
});

it('no step uses a banned word', () => {
  const texts = Object.values(sampleStores).flatMap((store) =>
    viewSteps(store, buildTimeline(60), fixtureNow).rows.map(({ note, pace }) => `${note} ${pace?.text ?? ''}`),
  );
  expect(texts.flatMap(findBannedWords)).toEqual([]);
});
