import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from './probe.ts';
import { PageChecks } from './page-checks.ts';
import { RouteHealth } from './route-health.ts';
import type { Prober, ProbeTarget } from './probe.ts';

const passed: ProbeOutcome = { passed: true };
const status = (code: number): ProbeOutcome => ({ passed: false, kind: 'status', failure: `the page answers ${code}` });
const unreachable: ProbeOutcome = {
  passed: false,
  kind: 'unreachable',
  failure: 'the ingress does not answer (ECONNREFUSED)',
};

describe('the way to all shops', () => {
  it.each<[string, ProbeOutcome[], ProbeOutcome, boolean]>([
    ['three of three fail alike', [status(404), status(404), status(404)], status(404), true],
    ['two of three fail alike', [status(404), status(404), passed], status(404), true],
    ['half of four fail alike', [status(404), status(404), passed, passed], status(404), false],
    ['they fail, but not alike', [status(404), status(502), status(503)], status(404), false],
    ['there are too few to tell', [status(404), status(404)], status(404), false],
    ['nobody answers at its address', [passed], unreachable, true],
    ['this one passed', [status(404), status(404), status(404)], passed, false],
  ])('is blamed or not where %s', (_what, answers, outcome, blamed) => {
    const route = new RouteHealth(() => 0, 60_000);
    answers.forEach((answer, index) => route.note(`shop-${index}`, answer));
    expect(route.blamesRoute(outcome)).toBe(blamed);
  });

  it('forgets answers that are too old', () => {
    let now = 0;
    const route = new RouteHealth(() => now, 60_000);
    for (const id of ['a', 'b', 'c']) route.note(id, status(404));
    expect(route.isAtFault()).toBe(true);
    now = 60_001;
    expect([route.isAtFault(), route.blamesRoute(status(404))]).toEqual([false, false]);
  });
});

describe('page checks', () => {
  const target = { storeId: 'a' } as ProbeTarget;
  function open(outcomes: ProbeOutcome[]) {
    const clock = { now: 0, probes: 0 };
    const prober = { probe: async () => outcomes[clock.probes++] ?? passed } as unknown as Prober;
    const checks = new PageChecks(prober, new RouteHealth(() => clock.now, 60_000), () => clock.now);
    return { clock, ask: (passCountsMs: number) => checks.check(target, { passCountsMs, isExpected: true }), checks };
  }

  it('ask a ready shop again only when its last pass is too old', async () => {
    const { clock, ask } = open([]);
    await ask(30_000);
    clock.now = 29_999;
    await ask(30_000);
    expect(clock.probes).toBe(1);
    clock.now = 30_000;
    await ask(30_000);
    expect(clock.probes).toBe(2);
  });

  it('ask again at once after a failure, and after the workloads changed', async () => {
    const { clock, ask, checks } = open([status(503)]);
    expect((await ask(30_000)).outcome.passed).toBe(false);
    expect((await ask(30_000)).outcome.passed).toBe(true);
    checks.invalidate('a');
    await ask(30_000);
    expect(clock.probes).toBe(3);
  });
});
