import { expect, it } from 'vitest';
import { allReady, applied, ensured, requested, seen, started, tell } from '@urumi/shared/testing/story';
import { findMedianReadyMs } from './median.ts';

const ready = tell(requested, started(), ensured(), applied(), seen(allReady, 'healthy', 'Healthy'));
const after = (ms: number) => ({ ...ready, observed: { ...ready.observed, servedAt: ready.identity.createdAt + ms } });

it.each<[string, number | null, Parameters<typeof findMedianReadyMs>[0]]>([
  ['no store', null, []],
  ['none served', null, [tell(requested)]],
  ['one', 4_000, [ready]],
  ['odd', 2_000, [after(9_000), after(1_000), after(2_000)]],
  ['even', 3_000, [after(9_000), after(1_000), after(2_000), after(4_000)]],
])('the median of %s is %s', (_what, median, records) => {
  expect(findMedianReadyMs(records)).toBe(median);
});
