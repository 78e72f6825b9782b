import { describe, expect, it, vi } from 'vitest';
import { DomainError } from '@urumi/shared/domain/errors';
import { rideOut } from './ride-out.ts';

const never = new AbortController().signal;
const away = () => Promise.reject(new DomainError('redis.unavailable'));

describe('a gap of Redis', () => {
  it('that is short is not noticed', async () => {
    let calls = 0;
    const step = () => ((calls += 1) < 4 ? away() : Promise.resolve('done'));
    expect(await rideOut(step, never)).toBe('done');
  });

  it('that is long is told', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    const told = expect(rideOut(away, never)).rejects.toMatchObject({ code: 'redis.unavailable' });
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    await told;
  });

  it('is not waited out by an attempt that has lost its lease', async () => {
    const startedAt = performance.now();
    await expect(rideOut(away, AbortSignal.abort())).rejects.toMatchObject({ code: 'redis.unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('any other failure is told at once', async () => {
    let calls = 0;
    const step = () => {
      calls += 1;
      return Promise.reject(new DomainError('lease.lost'));
    };
    await expect(rideOut(step, never)).rejects.toMatchObject({ code: 'lease.lost' });
    expect(calls).toBe(1);
  });
});
