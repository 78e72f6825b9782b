/**
 * A lease while an attempt holds it: renews it, keeps the moment until which changes are safe, and aborts the attempt when
 * that moment passes. It records nothing and decides nothing about the store; a newer wish is handed to the attempt.
 */
import type { Desired } from '@urumi/shared/domain/store';
import { AttemptStopped } from '../stopped.ts';
import { readTicks, ticksPerSecond, type Ticks } from './clock.ts';

/** The lease in Redis, in milliseconds. It outlives every deadline by a second for SIGKILL and one to spare. */
export const leaseMs = 6_000;
const renewEveryMs = 1_500;
/** After a renewal that did not count: two in a row that wait for their turn would use up the lease. */
const renewAgainMs = 300;
/** A renewal counts only if its answer came this soon. */
const confirmTicks: Ticks = 0.5 * ticksPerSecond;
/** From the sending of a confirmed renewal until nothing may be changed any more. */
const safeTicks: Ticks = 4 * ticksPerSecond;
const checkEveryMs = 200;
/** Looks at the clock that are further apart than this: the process was frozen, or its loop blocked. */
const awakeTicks: Ticks = ticksPerSecond;

export interface Renewal {
  readonly held: boolean;
  readonly desired?: Desired;
}

/** What is counted of leases. Times in milliseconds, from the sending of a renewal to its answer. */
export interface LeaseFigures {
  /** `late`: answered too late to count. */
  readonly renewed: (outcome: 'confirmed' | 'late' | 'failed', ms: number) => void;
  readonly lost: () => void;
}

export interface HeldLeaseOptions {
  /** Moment just before the lease was asked for. */
  readonly askedAt: Ticks;
  readonly renew: () => Promise<Renewal>;
  /** Called with the newest wish at every renewal. */
  readonly onWish: (desired: Desired) => void;
  /** A renewal that failed; the lease goes on until its deadline. */
  readonly onTrouble: (error: unknown) => void;
  readonly figures: LeaseFigures;
}

export class HeldLease {
  readonly #options: HeldLeaseOptions;
  readonly #lost = new AbortController();
  readonly #listeners = new Set<(deadline: Ticks) => void>();
  readonly #renewTimer: NodeJS.Timeout;
  readonly #checkTimer: NodeJS.Timeout;
  #againTimer: NodeJS.Timeout | undefined;
  #deadline: Ticks;
  #lookedAt: Ticks;
  #slept = false;
  #ended = false;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#deadline = options.askedAt + safeTicks;
    this.#lookedAt = readTicks();
    this.#renewTimer = setInterval(() => void this.renewNow(), renewEveryMs);
    this.#checkTimer = setInterval(() => this.#check(), checkEveryMs);
  }

  /** Until when changes are safe. */
  get deadline(): Ticks {
    return this.#deadline;
  }

  /** Aborted with {@link AttemptStopped} `lease-lost`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * True while this process has looked at the clock all along since the last confirmed renewal: a lease that ran out then
   * was lost for want of answers, not by what the work did to its process.
   */
  get wasAwake(): boolean {
    this.#check();
    return !this.#slept;
  }

  /** To be called before each change. @throws AttemptStopped `lease-lost` */
  assertLive(): void {
    this.#check();
    this.#lost.signal.throwIfAborted();
  }

  /** @returns a function that ends the notices */
  onDeadline(listener: (deadline: Ticks) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Renews out of turn, to learn of a wish that was just announced. */
  async renewNow(): Promise<void> {
    if (this.#ended) return;
    const sentAt = readTicks();
    const sentMs = performance.now();
    try {
      const renewal = await this.#options.renew();
      const late = readTicks() - sentAt > confirmTicks;
      this.#options.figures.renewed(late ? 'late' : 'confirmed', performance.now() - sentMs);
      this.#take(renewal, { sentAt, late });
      if (late) this.#renewSoon();
    } catch (error) {
      this.#options.figures.renewed('failed', performance.now() - sentMs);
      if (this.#ended) return;
      this.#options.onTrouble(error);
      this.#renewSoon();
    }
  }

  /** Stops renewing. The lease itself is ended by the attempt's last event. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#renewTimer);
    clearInterval(this.#checkTimer);
    clearTimeout(this.#againTimer);
    this.#listeners.clear();
  }

  #renewSoon(): void {
    clearTimeout(this.#againTimer);
    if (!this.#ended && !this.#lost.signal.aborted) {
      this.#againTimer = setTimeout(() => void this.renewNow(), renewAgainMs);
    }
  }

  #take(renewal: Renewal, { sentAt, late }: { readonly sentAt: Ticks; readonly late: boolean }): void {
    if (this.#ended) return;
    if (!renewal.held) {
      this.#lose();
      return;
    }
    if (!late) {
      this.#deadline = Math.max(this.#deadline, sentAt + safeTicks);
      this.#slept = false;
      for (const listener of this.#listeners) listener(this.#deadline);
    }
    if (renewal.desired) this.#options.onWish(renewal.desired);
  }

  #check(): void {
    const now = readTicks();
    if (now - this.#lookedAt > awakeTicks) this.#slept = true;
    this.#lookedAt = now;
    if (now >= this.#deadline) this.#lose();
  }

  #lose(): void {
    if (this.#lost.signal.aborted) return;
    this.#options.figures.lost();
    this.#lost.abort(new AttemptStopped('lease-lost'));
  }
}
