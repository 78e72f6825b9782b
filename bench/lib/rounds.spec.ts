import { describe, expect, it } from 'vitest';

import { type Entry, runRounds, summarizePhases } from './rounds.ts';

describe('runRounds', () => {
  it('lets all run in every round, and goes on after one that failed', async () => {
    const seen: Entry[] = [];
    const entries = await runRounds({
      contestants: [
        { name: 'ours', run: async (round) => ({ total: 10 + round }) },
        {
          name: 'rival',
          run: async (round) => {
            if (round === 1) throw new Error('pod lost');
            return { total: 50 };
          },
        },
      ],
      rounds: 3,
      onEntry: (entry) => seen.push(entry),
    });
    expect(entries).toEqual(seen);
    expect(entries.map(({ round, contestant }) => `${round} ${contestant}`)).toEqual([
      '0 ours',
      '0 rival',
      '1 rival',
      '1 ours',
      '2 rival',
      '2 ours',
    ]);
    expect(entries.filter(({ fault }) => fault !== null)).toMatchObject([{ round: 1, fault: 'Error: pod lost' }]);
    expect(summarizePhases(entries, 'rival').get('total')).toMatchObject({ count: 2, median: 50 });
  });
});

describe('summarizePhases', () => {
  it('orders phases as they end, the total last, and leaves out what does not count', () => {
    const entry = (phases: Entry['phases']): Entry => ({
      round: 0,
      place: 0,
      contestant: 'ours',
      phases,
      fault: phases === null ? 'failed' : null,
    });
    const entries = [
      entry({ total: 9, page: 7, accepted: 1 }),
      entry(null),
      entry({ total: 11, page: 9, accepted: 3 }),
    ];
    expect([...summarizePhases(entries, 'ours')].map(([name, { median }]) => [name, median])).toEqual([
      ['accepted', 2],
      ['page', 8],
      ['total', 10],
    ]);
  });
});
