import { allReady, applied, ensured, requested, seen, started, tell } from '@urumi/shared/testing/story';
import { expect, it } from 'vitest';
import { findMedian, findUsualLength, listReadyLengths } from './usual-length.ts';

const countTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

it.each<[string, number | null, readonly number[]]>([
  ['nothing', null, []],
  ['one', 4_000, [4_000]],
  ['odd', 2_000, [9_000, 1_000, 2_000]],
  ['even', 3_000, [9_000, 1_000, 2_000, 4_000]],
])('the median of %s is %s', (_what, median, numbers) => expect(findMedian(numbers)).toBe(median));

it.each<[string, readonly number[], ReturnType<typeof findUsualLength>]>([
  ['nothing is known of four runs', [1, 2, 3, 4], null],
  ['of five the slowest is not longer than usual', [5, 4, 3, 2, 900], { usualMs: 4, slowMs: 900 }],
  ['of ten the slowest is', [...countTo(9), 900], { usualMs: 6, slowMs: 9 }],
  ['of fifty the five slowest are', countTo(50), { usualMs: 26, slowMs: 45 }],
])('%s', (_what, lengths, usual) => expect(findUsualLength(lengths)).toEqual(usual));

it('a store that has not served has no length', () => {
  const ready = tell(requested, started(), ensured(), applied(), seen(allReady, 'healthy', 'Healthy'));
  expect(listReadyLengths([tell(requested), ready])).toEqual([4_000]);
});
