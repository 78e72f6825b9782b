import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { formatReport, type Report, writeReport } from './report.ts';
import type { Entry } from './rounds.ts';

const entry = (contestant: string, total: number | null, round = 0): Entry => ({
  round,
  place: 0,
  contestant,
  phases: total === null ? null : { page: total / 2, total },
  fault: total === null ? 'Error: lost' : null,
});

const report: Report = {
  question: 'Which is faster?',
  machine: { cores: 2, processor: 'P', memoryGb: 24, kernel: '6', node: '24', load: 0.1, busyShare: 0.02 },
  settings: { rounds: 2 },
  rows: [
    {
      name: 'medusa',
      ours: 'urumi',
      rivals: ['naive'],
      entries: [entry('urumi', 5_000), entry('naive', 40_000), entry('urumi', 6_000, 1), entry('naive', null, 1)],
      unavailable: null,
    },
    { name: 'woocommerce', ours: 'urumi', rivals: ['naive'], entries: [], unavailable: 'no plugin archive was given' },
  ],
};

describe('formatReport', () => {
  it('shows every phase, the ratio with its range, void rounds, and what could not be measured', () => {
    expect(formatReport(report)).toMatchInlineSnapshot(`
      "Which is faster?
      2 cores (P), 24 GB, Linux 6, Node 24; load 0.1, 2 % in use before

      medusa  (seconds from the start; median, least to most)
        urumi
          page                       2.75     2.50 to    3.00  (n=2)
          total                      5.50     5.00 to    6.00  (n=2)
        naive
          page                      20.00    20.00 to   20.00  (n=1)
          total                     40.00    40.00 to   40.00  (n=1)
        urumi against naive: 7.3x (6.7 to 8.0): faster
        void: round 2, naive: Error: lost

      woocommerce: unavailable: no plugin archive was given
      "
    `);
  });

  it('labels figures of a busy machine', () => {
    const busy = formatReport({ ...report, machine: { ...report.machine, busyShare: 0.6 } });
    expect(busy).toContain('BUSY MACHINE');
  });
});

describe('writeReport', () => {
  it('keeps every round and the verdicts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'urumi-report-'));
    try {
      const file = await writeReport(report, folder, 'click-to-order');
      const kept = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      expect(kept).toMatchObject({
        question: 'Which is faster?',
        isBusy: false,
        rows: [
          { entries: { length: 4 }, comparisons: [{ rival: 'naive', comparison: { verdict: 'faster' } }] },
          { unavailable: 'no plugin archive was given' },
        ],
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
