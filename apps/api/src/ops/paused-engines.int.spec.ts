import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApiWithRedis } from '../testing/api.ts';

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis();
});
afterAll(() => api.stop());

it('readiness names the engines whose creates pause, stays green, and wishes are still taken', async () => {
  const pauses = new CreatesPauses(api.redis);
  const read = async () => (await api.callAnonymously('get', '/readyz')).body;
  expect(await read()).toEqual({ status: 'ok', redisMemory: 'ok', pausedEngines: [] });
  const pause = { engine: 'medusa', cause: 'ImagePullFailing', since: 1, stores: 3, probeEveryMs: 60_000 } as const;
  await pauses.change(await pauses.read('medusa'), pause);
  expect(await read()).toEqual({ status: 'ok', redisMemory: 'ok', pausedEngines: ['medusa'] });
  expect((await api.call('post', '/api/stores').send({ name: 'Wished', engine: 'medusa' })).status).toBe(202);
});
