import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pressure } from './pressure.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
afterEach(() => void vi.useRealTimers());

const refuse = (pressure: Pressure, retryAfterMs: number | null): void => pressure.enter()({ retryAfterMs });
const busy = (retryInMs: number) => expect.objectContaining({ code: 'cluster.busy', details: { retryInMs } });
const enterFailure = (pressure: Pressure): unknown => {
  try {
    pressure.enter()(null);
    return null;
  } catch (error) {
    return error;
  }
};

describe('an API server that refuses with 429', () => {
  it('is not asked before its time', () => {
    const pressure = new Pressure();
    refuse(pressure, 5_000);
    vi.advanceTimersByTime(4_000);
    expect(enterFailure(pressure)).toEqual(busy(1_000));
    vi.advanceTimersByTime(1_000);
    expect(enterFailure(pressure)).toBeNull();
  });

  it('is then asked by one call at a time until it answers', () => {
    const pressure = new Pressure();
    refuse(pressure, 5_000);
    vi.advanceTimersByTime(5_000);
    const leave = pressure.enter();
    expect(enterFailure(pressure)).toEqual(busy(1_000));
    leave(null);
    expect(enterFailure(pressure)).toBeNull();
    const [first, second] = [pressure.enter(), pressure.enter()];
    first(null);
    second(null);
  });

  it('is left alone for longer and longer where it names no time', () => {
    const pressure = new Pressure();
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      refuse(pressure, null);
      expect(enterFailure(pressure)).toEqual(busy(pauseMs));
      vi.advanceTimersByTime(pauseMs);
    }
  });

  it('is not believed well by an answer to a call from before', () => {
    const pressure = new Pressure();
    const early = pressure.enter();
    refuse(pressure, 5_000);
    early(null);
    expect(enterFailure(pressure)).toEqual(busy(5_000));
  });
});
