/**
 * Tells a broken shop from a broken way to all shops. Probes take the shoppers' route, so when most shops that served
 * before fail alike, the route is at fault and says nothing about any of them.
 */
import type { ProbeOutcome } from './probe.ts';

/** With fewer shops, failing alike may be chance. */
const shopsMin = 3;

export class RouteHealth {
  readonly #now: () => number;
  readonly #memoryMs: number;
  readonly #answers = new Map<string, { readonly key: string; readonly at: number }>();

  /**
   * @param now  monotonic milliseconds
   * @param memoryMs  how long an answer counts; longer than the pause between two probes of a ready shop
   */
  constructor(now: () => number, memoryMs: number) {
    this.#now = now;
    this.#memoryMs = memoryMs;
  }

  /** Notes the answer of a shop that served before; of others nothing can be expected yet. */
  note(storeId: string, outcome: ProbeOutcome): void {
    this.#answers.set(storeId, { key: toKey(outcome), at: this.#now() });
  }

  forget(storeId: string): void {
    this.#answers.delete(storeId);
  }

  /** True where an answer of this kind speaks of the route, not of the shop. */
  blamesRoute(outcome: ProbeOutcome): boolean {
    if (outcome.passed) return false;
    // Nobody listens at the address that all shops share.
    if (outcome.kind === 'unreachable') return true;
    const { alike, shops } = this.#count(toKey(outcome));
    return shops >= shopsMin && alike * 2 > shops;
  }

  /** For metrics: true while most answers are failures of one kind, or the address is dead. */
  isAtFault(): boolean {
    const kinds = new Set([...this.#answers.values()].map(({ key }) => key));
    for (const key of kinds) {
      if (key === passedKey) continue;
      const { alike, shops } = this.#count(key);
      if (alike * 2 > shops && (shops >= shopsMin || key === 'unreachable')) return true;
    }
    return false;
  }

  #count(key: string): { alike: number; shops: number } {
    const oldest = this.#now() - this.#memoryMs;
    const fresh = [...this.#answers.values()].filter(({ at }) => at >= oldest);
    return { alike: fresh.filter((answer) => answer.key === key).length, shops: fresh.length };
  }
}

const passedKey = 'passed';

function toKey(outcome: ProbeOutcome): string {
  if (outcome.passed) return passedKey;
  return outcome.kind === 'unreachable' ? outcome.kind : `${outcome.kind}: ${outcome.failure}`;
}
