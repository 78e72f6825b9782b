import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Desired } from '@urumi/shared/domain/store';
import { parseUptime, readTicks } from './clock.ts';
import { HeldLease, type Renewal } from './held-lease.ts';

/** Time in which this process did not run: no timer fired. */
const asleep = vi.hoisted(() => ({ ms: 0 }));
/** The clock follows the fake timers; only reading /proc/uptime is replaced. */
vi.mock('./clock.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  readTicks: () => Math.floor((performance.now() + asleep.ms) / 10),
}));

const wish: Desired = {
  intent: 'present',
  generation: 1,
  plan: 'S',
  host: 'abcdefgh.localhost',
  formerHosts: [],
  setupRun: 1,
  recreateAllowed: false,
  halted: false,
  requestedAt: 0,
};

let lease: HeldLease | undefined;
let renewals: string[] = [];
let losses = 0;
beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] }),
);
afterEach(() => {
  lease?.end();
  renewals = [];
  losses = 0;
  vi.useRealTimers();
});

function hold(renew: () => Promise<Renewal>, wishes: Desired[] = [], troubles: unknown[] = []): HeldLease {
  lease = new HeldLease({
    askedAt: readTicks(),
    renew,
    onWish: (desired) => wishes.push(desired),
    onTrouble: (error) => troubles.push(error),
    figures: { renewed: (outcome) => renewals.push(outcome), lost: () => (losses += 1) },
  });
  return lease;
}

const held: Renewal = { held: true, desired: wish };
const answerAfter = (ms: number, renewal: Renewal) => () =>
  new Promise<Renewal>((resolve) => setTimeout(() => resolve(renewal), ms));

describe('a held lease', () => {
  it('is safe for four seconds from the moment before it was asked for', async () => {
    const { lost } = hold(() => Promise.reject(new Error('away')));
    await vi.advanceTimersByTimeAsync(3_900);
    expect(lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(300);
    expect(lost.aborted).toBe(true);
    expect(() => lease?.assertLive()).toThrow('lease-lost');
  });

  it('lives on with renewals, and tells each deadline and wish', async () => {
    const wishes: Desired[] = [];
    const { lost } = hold(answerAfter(100, held), wishes);
    const deadlines: number[] = [];
    lease?.onDeadline((deadline) => deadlines.push(deadline));
    const start = readTicks();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lost.aborted).toBe(false);
    // Sent every 1.5 s; counted from the sending, not from the answer.
    expect(deadlines.map((deadline) => deadline - start)).toEqual([550, 700, 850, 1_000, 1_150, 1_300]);
    expect(wishes).toHaveLength(6);
  });

  it('does not count a renewal whose answer took more than half a second', async () => {
    const { lost } = hold(answerAfter(700, held));
    await vi.advanceTimersByTimeAsync(4_200);
    expect(lost.aborted).toBe(true);
    expect([new Set(renewals), losses]).toEqual([new Set(['late']), 1]);
  });

  it('rides out an outage that ends just before its deadline', async () => {
    const troubles: unknown[] = [];
    const back = performance.now() + 3_700;
    const renew = () => (performance.now() < back ? Promise.reject(new Error('away')) : Promise.resolve(held));
    const { lost } = hold(renew, [], troubles);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(lost.aborted).toBe(false);
    expect(renewals.filter((outcome) => outcome === 'failed')).toHaveLength(troubles.length);
    expect([renewals.at(-1), losses]).toEqual(['confirmed', 0]);
  });

  it('that nobody confirms runs out awake; one whose process slept does not', async () => {
    const { lost } = hold(() => Promise.reject(new Error('away')));
    await vi.advanceTimersByTimeAsync(4_200);
    expect([lost.aborted, lease?.wasAwake]).toEqual([true, true]);

    lease?.end();
    const blocked = hold(() => Promise.reject(new Error('away')));
    await vi.advanceTimersByTimeAsync(1_600);
    asleep.ms += 5_000;
    // Whoever looks first, before any timer.
    expect(() => blocked.assertLive()).toThrow('lease-lost');
    expect(blocked.wasAwake).toBe(false);
  });

  it('is awake again once a renewal is confirmed', async () => {
    hold(answerAfter(100, held));
    asleep.ms += 1_200;
    expect(lease?.wasAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lease?.wasAwake).toBe(true);
  });

  it('is lost at once where another holds it', async () => {
    const { lost } = hold(() => Promise.resolve({ held: false }));
    await vi.advanceTimersByTimeAsync(1_600);
    expect(lost.aborted).toBe(true);
  });

  it.each([-300_000, 300_000])('F38: a wall clock that moves by %i ms changes nothing', async (jumpMs) => {
    vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance', 'Date'],
    });
    const { lost } = hold(answerAfter(100, held));
    await vi.advanceTimersByTimeAsync(2_000);
    vi.setSystemTime(Date.now() + jumpMs);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lost.aborted).toBe(false);
    expect(renewals).toHaveLength(7);
    expect(lease?.deadline).toBeGreaterThan(readTicks());
  });

  it('says nothing after its end, not even an answer that was on its way', async () => {
    const { lost } = hold(answerAfter(400, { held: false }));
    await vi.advanceTimersByTimeAsync(1_600);
    lease?.end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lost.aborted).toBe(false);
  });
});

it('the clock reads hundredths of a second', () => {
  expect(parseUptime('12345.67 23456.78\n')).toBe(1_234_567);
  expect(parseUptime('0.05 0.00\n')).toBe(5);
});
