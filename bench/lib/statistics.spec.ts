import { describe, expect, it } from 'vitest';

import { compare, summarize } from './statistics.ts';

describe('summarize', () => {
  it.each([
    [[3, 1, 2], { count: 3, median: 2, min: 1, max: 3 }],
    [[4, 1, 3, 2], { count: 4, median: 2.5, min: 1, max: 4 }],
    [[7], { count: 1, median: 7, min: 7, max: 7 }],
    [[], null],
  ])('%j', (values, expected) => {
    expect(summarize(values)).toEqual(expected);
  });
});

describe('compare', () => {
  const of = (min: number, median: number, max: number) => ({ count: 5, min, median, max });
  it.each([
    ['clearly faster', of(1, 2, 3), of(8, 10, 12), { ratio: 5, low: 8 / 3, high: 12, verdict: 'faster' }],
    ['clearly slower', of(8, 10, 12), of(1, 2, 3), { ratio: 0.2, low: 1 / 12, high: 3 / 8, verdict: 'slower' }],
    ['ranges that overlap', of(1, 2, 9), of(8, 10, 12), { ratio: 5, low: 8 / 9, high: 12, verdict: 'tie' }],
    ['the same', of(2, 2, 2), of(2, 2, 2), { ratio: 1, low: 1, high: 1, verdict: 'tie' }],
  ])('%s', (_, ours, rival, expected) => {
    expect(compare(ours, rival)).toEqual(expected);
  });
});
