import { describe, expect, it } from 'vitest';
import { mapSplit, parseBusyTicks, parseProcess, subtract } from './processor-split.ts';

describe('parseProcess', () => {
  it('reads ticks of a process and of its dead children, whatever its name holds', () => {
    const stat = '42 (a (b) c) S 1 42 42 0 -1 4194560 100 200 0 0 7 3 20 5 20 0 1 0 100 0 0';
    expect(parseProcess(stat)).toEqual({ name: 'a (b) c', own: 10, children: 25 });
  });
});

describe('parseBusyTicks', () => {
  it('leaves out idle time, waiting for disks and what a guest used twice', () => {
    expect(parseBusyTicks('cpu  1 2 3 1000 2000 4 5 6 7 8\ncpu0 1 1 1 1')).toBe(15);
  });
});

it('a split is what each used between two moments', () => {
  const [before, after] = [mapSplit(() => 1), mapSplit((user) => (user === 'helm' ? 4 : 1))];
  expect(subtract(after, before)).toEqual({ ...mapSplit(() => 0), helm: 3 });
});
