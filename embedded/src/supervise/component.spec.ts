import { describe, expect, it } from 'vitest';

import { backoffMs } from './component.ts';

describe('backoffMs', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [5, 8_000],
    [20, 30_000],
  ])('after %i crashes in a row waits %i ms', (crashes, ms) => {
    expect(backoffMs(crashes)).toBe(ms);
  });
});
