/** Figures about attempts. No store names: the numbers of the installation, not of a store. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { AttemptResult } from './attempt/attempt.ts';

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
