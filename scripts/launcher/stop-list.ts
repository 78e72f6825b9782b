/** Stopping in order what was started in order. */
import { summarize } from './summarize.ts';

/** What has to be stopped, in the order it was started. */
export class StopList {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Runs every step, the last added first, also after one failed. @throws AggregateError with what went wrong */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(summarize).join('; '));
  }
}
