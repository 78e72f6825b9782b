import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const required = { REDIS_URL: 'redis://127.0.0.1:6379' };

it('listens for health and metrics only where a port is given', () => {
  expect(readConfig(required).OPS_PORT).toBeUndefined();
  expect(readConfig({ ...required, OPS_PORT: '9092' }).OPS_PORT).toBe(9_092);
});
