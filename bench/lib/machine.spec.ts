import { describe, expect, it } from 'vitest';

import { type Machine, parseTimes, refuseBusy, shareBetween } from './machine.ts';

describe('the share of the cores that is in use', () => {
  it('counts all but idle and waiting', () => {
    const before = parseTimes('cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 ...');
    const after = parseTimes('cpu  130 0 120 740 110 0 0 0 0 0\ncpu0 ...');
    expect(shareBetween(before, after)).toBe(0.5);
    expect(shareBetween(before, before)).toBe(0);
  });
});

describe('a busy machine', () => {
  const quiet: Machine = { cores: 2, processor: '', memoryGb: 8, kernel: '6', node: '24', load: 0, busyShare: 0.05 };
  it('is refused with the way out, unless that is fine', () => {
    const busy = { ...quiet, busyShare: 0.4 };
    expect(() => refuseBusy(busy, false)).toThrow('other programs use 40 % of this machine: wait');
    expect(() => refuseBusy(busy, true)).not.toThrow();
    expect(() => refuseBusy(quiet, false)).not.toThrow();
  });
});
