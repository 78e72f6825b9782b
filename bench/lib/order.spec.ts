import { describe, expect, it } from 'vitest';

import { orderOf } from './order.ts';

describe('orderOf', () => {
  it('lets everybody run once a round', () => {
    for (let round = 0; round < 12; round += 1) {
      expect(orderOf(['a', 'b', 'c'], round).toSorted()).toEqual(['a', 'b', 'c']);
    }
  });

  it('gives two contestants each place equally often, in every even number of rounds', () => {
    const first = Array.from({ length: 4 }, (_, round) => orderOf(['a', 'b'], round)[0]);
    expect(first.filter((name) => name === 'a')).toHaveLength(2);
  });

  it('changes who follows whom', () => {
    const orders = Array.from({ length: 6 }, (_, round) => orderOf(['a', 'b', 'c'], round).join(''));
    expect(new Set(orders).size).toBe(6);
  });

  it('bears nobody', () => {
    expect(orderOf([], 3)).toEqual([]);
  });
});
