import { describe, expect, it } from 'vitest';
import { buildSteps, buildTimeline, fixtureNow, sampleStores, secondsAgo } from '../testing/fixtures.ts';
import { viewSteps } from './step-view.ts';

describe('the timeline of a store', () => {
  it('on its way: done after how long, running for how long, waiting for what', () => {
    const view = viewSteps(sampleStores.provisioning, buildTimeline(24), fixtureNow);
    expect(view.headline).toBe('Under way for 24 s');
    expect(view.rows.map((row) => [row.title, row.state, row.note])).toEqual([
      ['In line', 'done', '1 s'],
      ['Reserve space', 'done', '2 s'],
      ['Install', 'done', '8 s'],
      ['Start database', 'done', '14 s'],
      ['Start shop', 'running', 'for 4 s'],
      ['Add products', 'waiting', 'Waits for the database'],
      ['Check shop page', 'waiting', 'Waits for shop and products'],
    ]);
  });

  it('queued: the line itself is what happens', () => {
    const view = viewSteps(sampleStores.queued, buildTimeline(8), fixtureNow);
    expect(view.rows[0]).toMatchObject({ state: 'running', note: '4th in line' });
  });

  it('between tries: the step shows try, time and cause', () => {
    const view = viewSteps(sampleStores.retrying, buildTimeline(400), fixtureNow);
    expect(view.rows.find((row) => row.state === 'retrying')).toMatchObject({
      title: 'Install',
      note: 'Try 3 of 5 at 14:02: installing took over 5 min',
    });
  });

  it('failed: the step that failed has the cause, later ones were not reached', () => {
    const view = viewSteps(sampleStores.failed, buildTimeline(7_200), fixtureNow);
    expect(view.headline).toBe('Stopped after 10 min');
    expect(view.rows.slice(-2)).toMatchObject([
      { title: 'Add products', state: 'failed', note: 'Adding products failed' },
      { title: 'Check shop page', state: 'stopped', note: 'Not reached' },
    ]);
  });

  it('done: counts from the newest wish, and keeps what an earlier one made', () => {
    const steps = buildSteps(6, 'done', 60).map((step, index) => ({
      ...step,
      at: secondsAgo(index < 2 ? 500 : 40 - index),
    }));
    const timeline = [...buildTimeline(600), { at: secondsAgo(60), type: 'RetryRequested', text: 'Retry asked for' }];
    const view = viewSteps({ ...sampleStores.ready, steps }, timeline, fixtureNow);
    expect(view).toMatchObject({ finished: true, headline: 'Made in 25 s' });
    expect(view.rows[1]).toMatchObject({ title: 'Reserve space', note: 'Kept from before' });
  });
});
