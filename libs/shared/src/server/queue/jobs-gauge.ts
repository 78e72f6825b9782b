/** Tells Prometheus how many jobs there are: what workers scale by, and what an alert watches. */
import { Gauge, type Registry } from 'prom-client';
import { isDomainError } from '../../domain/errors.ts';

/** @param count  jobs by state; DomainError `redis.unavailable` where they cannot be read */
export function addJobsGauge(count: () => Promise<object>, registry: Registry): void {
  const gauge: Gauge<'state'> = new Gauge({
    name: 'urumi_queue_jobs',
    help: 'Jobs by state; the same on every replica. None are told while Redis does not answer',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      gauge.reset();
      try {
        for (const [state, jobs] of Object.entries(await count())) gauge.set({ state }, Number(jobs));
      } catch (error) {
        // Redis away is told by its own metric.
        if (!isDomainError(error)) throw error;
      }
    },
  });
}
