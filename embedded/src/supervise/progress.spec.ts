import { describe, expect, it } from 'vitest';

import { estimateRest, type Progress, ProgressBoard } from './progress.ts';

const STEPS = [
  { id: 'build', label: 'Build', seconds: 90 },
  { id: 'start', label: 'Start', seconds: 10 },
];

describe('estimateRest', () => {
  it.each([
    ['nothing done: the expected times', {}, 5, { percent: 0, secondsLeft: 100 }],
    ['little done: the pace is not trusted yet', { build: 0.1 }, 90, { percent: 9, secondsLeft: 91 }],
    [
      'half done at twice the time: the rest takes twice as long',
      { build: 0.5 },
      90,
      { percent: 45, secondsLeft: 110 },
    ],
    ['all done', { build: 1, start: 1 }, 70, { percent: 100, secondsLeft: 0 }],
  ])('%s', (_, fractions, elapsed, expected) => {
    expect(estimateRest(STEPS, new Map(Object.entries(fractions)), elapsed)).toEqual(expected);
  });

  it('has nothing to wait for without steps', () => {
    expect(estimateRest([], new Map(), 0)).toEqual({ percent: 100, secondsLeft: 0 });
  });
});

describe('ProgressBoard', () => {
  it('reports a step by its label with the state of the whole', async () => {
    const seen: Progress[] = [];
    const board = new ProgressBoard({ steps: STEPS, now: () => 0, report: (progress) => seen.push(progress) });
    board.update('build', 30, 60);
    await board.run('start', () => Promise.resolve());
    board.update('unknown', 1, 1);
    expect(seen.map(({ label, done, total, percent }) => [label, done, total, percent])).toEqual([
      ['Build', 30, 60, 45],
      ['Start', 0, 1, 45],
      ['Start', 1, 1, 55],
    ]);
  });
});
