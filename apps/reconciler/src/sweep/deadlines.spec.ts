import { reduce } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { describe, expect, it } from 'vitest';
import { buildRecord } from '../testing/records.ts';
import { findTimeLeft } from './deadlines.ts';

const settings = { provisioningDeadlineMs: 900_000, watchGraceMs: 60_000 };
const appliedAt = 1_000_000;
const applied = (): StoreRecord =>
  buildRecord({ release: { generationApplied: 1, appliedAt, namespaceUid: 'u' } }, appliedAt);

describe('the time left for a wish', () => {
  it.each<[string, StoreRecord, number, number, number | null]>([
    ['counts from the moment its release was applied', applied(), appliedAt + 100_000, 100_000, 800_000],
    ['has run out', applied(), appliedAt + 900_000, 900_000, 0],
    ['waits until this process has watched for the grace', applied(), appliedAt + 3_600_000, 10_000, 50_000],
    ['does not run before the release is applied', buildRecord({}, appliedAt), appliedAt + 3_600_000, 3_600_000, null],
  ])('%s', (_what, record, now, watchedMs, left) => {
    expect(findTimeLeft(record, now, watchedMs, settings)).toBe(left);
  });

  it('runs for a change of a shop that serves, whose new release is never proven', () => {
    const record = applied();
    const served = { ...record.observed, verdict: 'progressing', reason: 'AwaitingWorkloads', served: true } as const;
    const changing = buildRecord({ release: record.release, observed: { ...served, generationSeen: 1 } }, appliedAt);
    expect(changing.status).toMatchObject({ value: 'ready', settled: false });
    expect(findTimeLeft(changing, appliedAt + 900_000, 900_000, settings)).toBe(0);
  });

  it('does not run for a store that has failed, shall go, or serves', () => {
    const later = appliedAt + 3_600_000;
    const record = applied();
    const failed = reduce(record, { type: 'DeadlinePassed', generation: 1 }, later);
    const going = reduce(record, { type: 'DeletionRequested' }, later);
    for (const reduction of [failed, going]) {
      if (!reduction.accepted) throw new Error(reduction.refusal);
      expect(findTimeLeft(reduction.record, later, 3_600_000, settings)).toBeNull();
    }
  });
});
