/** Keeps the last probe of each store and decides when a new one is due, so that a ready shop is not asked at every look. */
import type { ProbeOutcome, Prober, ProbeTarget } from './probe.ts';
import type { RouteHealth } from './route-health.ts';

export interface PageCheck {
  readonly outcome: ProbeOutcome;
  readonly blamesRoute: boolean;
}

export class PageChecks {
  readonly #prober: Prober;
  readonly #route: RouteHealth;
  readonly #now: () => number;
  readonly #passes = new Map<string, number>();

  constructor(prober: Prober, route: RouteHealth, now: () => number) {
    this.#prober = prober;
    this.#route = route;
    this.#now = now;
  }

  /**
   * @param passCountsMs  a pass no older than this is good enough; 0 always asks
   * @param isExpected  the shop served before, so its failing counts towards the route's
   */
  async check(
    target: ProbeTarget,
    { passCountsMs, isExpected }: { passCountsMs: number; isExpected: boolean },
  ): Promise<PageCheck> {
    const passedAt = this.#passes.get(target.storeId);
    if (passedAt !== undefined && this.#now() - passedAt < passCountsMs)
      return { outcome: { passed: true }, blamesRoute: false };
    const outcome = await this.#prober.probe(target);
    if (outcome.passed) this.#passes.set(target.storeId, this.#now());
    else this.#passes.delete(target.storeId);
    if (isExpected) this.#route.note(target.storeId, outcome);
    return { outcome, blamesRoute: this.#route.blamesRoute(outcome) };
  }

  /** The shop's workloads changed: what its page did before says nothing any more. */
  invalidate(storeId: string): void {
    this.#passes.delete(storeId);
  }

  forget(storeId: string): void {
    this.#passes.delete(storeId);
    this.#route.forget(storeId);
  }
}
