import { DomainError } from '@urumi/shared/domain/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RedisConnection } from '../records/records.module.ts';
import { RedisReadiness } from './redis-readiness.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('readiness', () => {
  it('is patient for ten seconds after the last answer, and not before the first', async () => {
    let isAway = true;
    const ping = async () => {
      if (isAway) throw new DomainError('redis.unavailable');
      return 'PONG';
    };
    const readiness = new RedisReadiness({ ping } as unknown as RedisConnection);
    expect(await readiness.isReady()).toBe(false);
    isAway = false;
    expect(await readiness.isReady()).toBe(true);
    isAway = true;
    vi.advanceTimersByTime(9_900);
    expect(await readiness.isReady()).toBe(true);
    vi.advanceTimersByTime(200);
    expect(await readiness.isReady()).toBe(false);
  });
});
