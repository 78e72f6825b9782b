import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApi, startApiWithRedis, type TestApi } from '../testing/api.ts';

type Started = Awaited<ReturnType<typeof startApiWithRedis>>;

interface Shown {
  readonly id: string;
  readonly version: string | null;
  readonly available: boolean;
  readonly unavailableReason: string | null;
}

let api: Started;
beforeAll(async () => {
  api = await startApiWithRedis({ enginesUnavailable: null });
});
afterAll(() => api.stop());
beforeEach(() => api.redis.del('urumi:engines'));

const show = async (asked: Pick<TestApi, 'call'>, id = 'woocommerce'): Promise<Shown | undefined> => {
  const answer = await asked.call('get', '/api/engines');
  expect(answer.status).toBe(200);
  return (answer.body.items as Shown[]).find((engine) => engine.id === id);
};
const order = (name: string, key = name) =>
  api.call('post', '/api/stores').set('Idempotency-Key', key).send({ name, engine: 'woocommerce' });
const available = { woocommerce: { available: true, reason: null, version: '11.0.1' } };
const unavailable = { woocommerce: { available: false, reason: 'The archive is corrupt.', version: null } };

describe('an engine whose availability changes', () => {
  it('says at first what is missing and where it is given', async () => {
    expect(await show(api)).toMatchObject({
      version: null,
      available: false,
      unavailableReason: expect.stringMatching(/plugin was not given.*woocommerce\.json/),
    });
    expect(await show(api, 'medusa')).toMatchObject({ version: '2.21.2', available: true });
  });

  it('can be used from one request to the next, and no more, without a restart', async () => {
    expect((await order('Early')).body.code).toBe('engine.unavailable');
    await api.repository.writeEngineAvailability(available);
    expect(await show(api)).toMatchObject({ version: '11.0.1', available: true, unavailableReason: null });
    expect((await order('In time')).status).toBe(202);
    await api.repository.writeEngineAvailability(unavailable);
    expect(await show(api)).toMatchObject({ available: false, unavailableReason: 'The archive is corrupt.' });
    const late = await order('Late');
    expect([late.status, late.body.detail]).toEqual([409, 'The archive is corrupt.']);
  });

  it('answers a repeated wish as before, whatever became of the engine', async () => {
    await api.repository.writeEngineAvailability(available);
    const first = await order('Twice', 'same');
    await api.repository.writeEngineAvailability(unavailable);
    const second = await order('Twice', 'same');
    expect([second.status, second.body.id, second.headers['idempotent-replayed']]).toEqual([
      202,
      first.body.id,
      'true',
    ]);
    expect((await order('Other', 'same')).body.code).toBe('idempotency.key-reused');
  });

  it('is what the operator configured, where something is', async () => {
    const open = await startApi(api.server, { enginesUnavailable: {} });
    const shut = await startApi(api.server, { enginesUnavailable: { medusa: 'No room.' } });
    try {
      // Their connections to Redis are on their way.
      await vi.waitFor(() => Promise.all([show(open), show(shut)]));
      await api.repository.writeEngineAvailability(unavailable);
      expect(await show(open)).toMatchObject({ available: true, unavailableReason: null });
      expect(await show(shut)).toMatchObject({ available: true });
      expect(await show(shut, 'medusa')).toMatchObject({ available: false, unavailableReason: 'No room.' });
    } finally {
      await open.stop();
      await shut.stop();
    }
  });
});
