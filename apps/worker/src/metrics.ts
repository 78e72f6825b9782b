/** Figures about attempts. No store names: the numbers of the installation, not of a store. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AttemptResult } from './attempt/attempt.ts';
import type { LeaseFigures } from './attempt/held-lease.ts';

export class AttemptMetrics {
  readonly #running: Gauge;
  readonly #ended: Counter<'result'>;
  readonly #seconds: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#running = new Gauge({ name: 'urumi_attempts_running', help: 'Attempts this worker runs now', registers });
    this.#ended = new Counter({
      name: 'urumi_attempts_total',
      help: 'Ended attempts by what became of them',
      labelNames: ['result'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'urumi_attempt_seconds',
      help: 'Duration of an attempt',
      buckets: [0.25, 0.5, 1, 2, 4, 8, 16, 60, 300],
      registers,
    });
  }

  async measure(run: () => Promise<AttemptResult>): Promise<AttemptResult> {
    this.#running.inc();
    const stopTimer = this.#seconds.startTimer();
    try {
      const answer = await run();
      this.#ended.inc({ result: answer.kind === 'done' ? answer.result : answer.kind });
      return answer;
    } catch (error) {
      this.#ended.inc({ result: 'error' });
      throw error;
    } finally {
      stopTimer();
      this.#running.dec();
    }
  }
}

/** Whether the lease's numbers hold under load: a lost lease costs a repeated run, a late renewal comes before one. */
export class LeaseMetrics implements LeaseFigures {
  readonly #lost: Counter;
  readonly #renewals: Counter<'outcome'>;
  readonly #seconds: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#lost = new Counter({
      name: 'urumi_leases_lost_total',
      help: 'Leases lost in the middle of a run',
      registers,
    });
    this.#renewals = new Counter({
      name: 'urumi_lease_renewals_total',
      help: 'Renewals of leases: confirmed in time, answered too late to count, or failed',
      labelNames: ['outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'urumi_lease_renewal_seconds',
      help: 'From the sending of a renewal to its answer',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    });
  }

  readonly renewed: LeaseFigures['renewed'] = (outcome, ms) => {
    this.#renewals.inc({ outcome });
    this.#seconds.observe(ms / 1_000);
  };

  readonly lost = (): void => this.#lost.inc();
}
