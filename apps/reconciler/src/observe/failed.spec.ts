import { describe, expect, it } from 'vitest';
import { buildHealthySnapshot, buildWorkload } from '../testing/facts.ts';
import { buildRecord } from '../testing/records.ts';
import { assess } from './assess.ts';
import { buildLateFault, keepsFailure } from './failed.ts';

const failed = buildRecord({
  release: { generationApplied: 1, namespaceUid: 'u', appliedAt: 1 },
  observed: { verdict: 'fatal', reason: 'SetupFailed', generationSeen: 1 },
});
const empty = assess(
  buildHealthySnapshot({ page: { kind: 'not-asked' }, facts: { workloads: [], jobs: [], pods: [] } }),
);

describe('a failed store', () => {
  it('keeps its explanation when a later look finds no objects', () => {
    expect([failed.status.value, empty.verdict]).toEqual(['failed', 'progressing']);
    expect(keepsFailure(failed, empty)).toBe(true);
  });

  it('is told anew when it is well, when another fault shows, and when a newer wish was applied', () => {
    expect(keepsFailure(failed, assess(buildHealthySnapshot()))).toBe(false);
    expect(keepsFailure(failed, { ...empty, verdict: 'hindered', reason: 'CrashLooping' })).toBe(false);
    const retried = buildRecord({
      desired: { generation: 2 },
      release: { generationApplied: 2, namespaceUid: 'u', appliedAt: 1 },
      observed: { verdict: 'fatal', reason: 'SetupFailed', generationSeen: 1 },
    });
    expect(keepsFailure(retried, empty)).toBe(false);
  });

  it('without a named fault is explained by the first part that does not stand', () => {
    const late = assess(
      buildHealthySnapshot({
        page: { kind: 'not-asked' },
        facts: {
          workloads: [
            buildWorkload('database'),
            buildWorkload('server', { available: 0 }),
            buildWorkload('storefront'),
          ],
        },
      }),
    );
    expect(late.fault).toBe(null);
    expect(buildLateFault(late)).toMatchObject({ message: 'not ready within the deadline: server: starting' });
    expect(buildLateFault(assess(buildHealthySnapshot()))).toBe(null);
  });
});
