import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { addJobsGauge } from './jobs-gauge.ts';

it('tells the jobs of each state, and no old numbers while Redis is away', async () => {
  let isAway = false;
  const registry = new Registry();
  const count = async () => {
    if (isAway) throw new DomainError('redis.unavailable');
    return { waiting: 3, active: 2, delayed: 0, failed: 1 };
  };
  addJobsGauge(count, registry);
  expect(await registry.metrics()).toContain('urumi_queue_jobs{state="waiting"} 3');
  expect(await registry.metrics()).toContain('urumi_queue_jobs{state="active"} 2');
  isAway = true;
  expect(await registry.metrics()).not.toContain('state="waiting"');
});
