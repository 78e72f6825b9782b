import { beforeEach, describe, expect, it } from 'vitest';
import { buildClaim, buildContainer, buildHealthySnapshot, buildPod } from '../testing/facts.ts';
import { Witness } from './witness.ts';

const { facts } = buildHealthySnapshot();
const crashing = buildPod('server', {
  containers: [buildContainer({ isReady: false, waiting: { reason: 'CrashLoopBackOff', message: '' } })],
});
const restarted = buildPod('server', { containers: [buildContainer({ isReady: false })] });

describe('a witness', () => {
  let now: number;
  let witness: Witness;
  const look = (atMs: number, generation = 1, seen = facts): void => {
    now = atMs;
    witness.look('a', generation, seen);
  };
  beforeEach(() => {
    now = 0;
    witness = new Witness(() => now);
  });

  it('has watched a wish since it first saw it', () => {
    look(1_000);
    look(20_000);
    expect(witness.watchedMs('a')).toBe(19_000);
  });

  it('begins anew with a new wish', () => {
    look(0);
    look(20_000, 2);
    expect(witness.watchedMs('a')).toBe(0);
  });

  it('begins anew after a gap in contact', () => {
    look(0);
    look(40_000);
    look(45_000);
    expect(witness.watchedMs('a')).toBe(5_000);
  });

  it('has watched nothing that it never saw', () => {
    expect(witness.watchedMs('b')).toBe(0);
  });

  it('remembers a crash while the container runs again, for a minute', () => {
    look(0, 1, { ...facts, pods: [crashing] });
    look(20_000, 1, { ...facts, pods: [restarted] });
    expect([...witness.crashLoops('a')]).toEqual(['store-server-x1/server']);
    for (const at of [40_000, 60_001]) look(at, 1, { ...facts, pods: [restarted] });
    expect([...witness.crashLoops('a')]).toEqual([]);
  });

  it('forgets a crash once the container is ready', () => {
    look(0, 1, { ...facts, pods: [crashing] });
    look(1_000, 1, { ...facts, pods: [buildPod('server')] });
    expect(witness.crashLoops('a').size).toBe(0);
  });

  it('tells claims that have waited too long, and only those', () => {
    const claims = [buildClaim('database', { phase: 'Pending' })];
    look(0, 1, { ...facts, claims });
    look(29_999, 1, { ...facts, claims });
    expect(witness.lateClaims('a', 30_000).size).toBe(0);
    look(30_000, 1, { ...facts, claims });
    expect([...witness.lateClaims('a', 30_000)]).toEqual(['store-database-data']);
    look(31_000);
    expect(witness.lateClaims('a', 30_000).size).toBe(0);
  });

  it('measures how long a page fails, from its first failure to its next pass', () => {
    const notePage = (passed: boolean): number => {
      witness.notePage('a', passed);
      return witness.pageFailingMs('a');
    };
    look(0);
    expect(notePage(false)).toBe(0);
    now = 31_000;
    expect(notePage(false)).toBe(31_000);
    expect(notePage(true)).toBe(0);
    expect(notePage(false)).toBe(0);
  });

  it('measures how long a workload has been without pods', () => {
    look(0, 1, { ...facts, pods: [] });
    look(3_000, 1, { ...facts, pods: [] });
    expect(witness.podsMissingMs('a')).toBe(3_000);
    look(4_000);
    expect(witness.podsMissingMs('a')).toBe(0);
  });
});
