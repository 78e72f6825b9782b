/**
 * Keeps the worker from asking an API server that asked to be left alone: no call until its `Retry-After` has passed, then
 * one at a time until it answers again. Calls that are not made fail as the refused one did, so their stores are parked.
 */
import { DomainError } from '@urumi/shared/domain/errors';

/** Without a `Retry-After`: doubled with each refusal in a row. Milliseconds. */
const pauseMs = { first: 1_000, longest: 30_000 } as const;

export class Pressure {
  /** By the monotonic clock, in milliseconds; 0 while all is well. */
  #quietUntil = 0;
  #refusals = 0;
  #isProbing = false;

  /**
   * Before a call. @returns what to call with its outcome
   * @throws DomainError `cluster.busy` with `retryInMs`
   */
  enter(): (wasRefused: { readonly retryAfterMs: number | null } | null) => void {
    const leftMs = this.#quietUntil - performance.now();
    if (leftMs > 0) throw describeBusy(leftMs);
    if (this.#refusals === 0) return (refused) => this.#note(refused);
    if (this.#isProbing) throw describeBusy(pauseMs.first);
    this.#isProbing = true;
    return (refused) => {
      this.#isProbing = false;
      this.#note(refused);
    };
  }

  #note(refused: { readonly retryAfterMs: number | null } | null): void {
    if (refused === null) {
      // A call that was on its way before the refusal says nothing about the time after it.
      if (performance.now() >= this.#quietUntil) this.#refusals = 0;
      return;
    }
    this.#refusals += 1;
    const usual = Math.min(pauseMs.first * 2 ** Math.min(this.#refusals - 1, 10), pauseMs.longest);
    this.#quietUntil = Math.max(this.#quietUntil, performance.now() + (refused.retryAfterMs ?? usual));
  }
}

function describeBusy(retryInMs: number): DomainError {
  return new DomainError('cluster.busy', { retryInMs }, { message: 'The cluster has too much to do' });
}
