import { describe, expect, it } from 'vitest';
import { mapSplit } from './processor-split.ts';
import { formatCurve, toShareOfLimit, type Point } from './scale-curve.ts';

function point(contestant: Point['contestant'], width: number, storesPerSecond: number): Point {
  const split = mapSplit((user) => (user === 'apiserver' ? 10 : 0));
  return {
    round: 0,
    width,
    contestant,
    stores: 20,
    seconds: 20 / storesPerSecond,
    storesPerSecond,
    helms: width,
    split,
  };
}

describe('the curve', () => {
  it('sets the median of ours beside the median of the limit of the same width', () => {
    const ours = [0.8, 0.9, 3].map((one) => point('urumi', 1, one));
    const limit = [1, 1.2, 0.1].map((one) => point('xargs', 1, one));
    expect(toShareOfLimit([...ours, ...limit, point('xargs', 2, 9)], 1)).toBeCloseTo(0.9);
  });

  it('has no share without a limit', () => {
    expect(toShareOfLimit([point('urumi', 1, 1)], 1)).toBeNull();
  });

  it('shows processor time per store', () => {
    const lines = formatCurve([point('urumi', 2, 1), point('xargs', 2, 2)]).split('\n');
    expect(lines[1]?.split(/\s+/).filter(Boolean).slice(0, 7)).toEqual([
      'urumi',
      '2',
      '1.00',
      '0.50',
      '2.00',
      '0.50',
      '0.50',
    ]);
  });
});
