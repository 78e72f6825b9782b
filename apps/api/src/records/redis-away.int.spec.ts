import { startTestRedis } from '@urumi/shared/testing/redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startApi, startApiWithRedis } from '../testing/api.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Api = Awaited<ReturnType<typeof startApi>>;

const wish = { name: 'Harbour', engine: 'medusa' };

/** The promise is a second, by the commands' own deadlines; the rest is for a busy machine. */
const answeredWithinMs = 3_000;

/** Everything that needs Redis, each with its own time. */
async function callEverything(
  api: Api,
): Promise<{ status: number; code: string; ms: number; retryAfter: string | undefined }[]> {
  const calls = [
    () => api.call('post', '/api/stores').set('Idempotency-Key', 'k').send(wish),
    () => api.call('get', '/api/stores'),
    () => api.call('get', '/api/stores/abcdefgh'),
    () => api.call('delete', '/api/stores/abcdefgh'),
    () => api.call('post', '/api/stores/abcdefgh/retry'),
    () => api.call('get', '/api/activity'),
    () => api.call('get', '/api/metrics'),
    () => api.call('get', '/api/me'),
    () => api.call('get', '/api/engines'),
    () => api.call('get', '/admin/queues/api/queues'),
  ];
  return Promise.all(
    calls.map(async (call) => {
      const start = performance.now();
      const { status, body, headers } = await call();
      return { status, code: body.code as string, ms: performance.now() - start, retryAfter: headers['retry-after'] };
    }),
  );
}

function expectUnavailable(answers: Awaited<ReturnType<typeof callEverything>>): void {
  for (const { status, code, ms, retryAfter } of answers) {
    expect([status, code, retryAfter]).toEqual([503, 'redis.unavailable', '5']);
    expect(ms).toBeLessThan(answeredWithinMs);
  }
}

describe('Redis away', () => {
  it('F9: from the start: the api starts, answers 503 within a second, and works as soon as Redis is there', async () => {
    const server = await startTestRedis();
    cleanUps.push(() => server.stop());
    await server.kill();
    const api = await startApi(server);
    cleanUps.push(() => api.stop());

    expectUnavailable(await callEverything(api));
    expect((await api.callAnonymously('get', '/healthz')).status).toBe(200);
    expect((await api.callAnonymously('get', '/livez')).status).toBe(200);
    expect((await api.callAnonymously('get', '/readyz')).status).toBe(503);
    expect((await api.call('get', '/api/plans')).status).toBe(200);

    await server.restart();
    await vi.waitFor(async () => expect((await api.callAnonymously('get', '/readyz')).status).toBe(200), 5_000);
    await vi.waitFor(() => api.repository.openGate(), 5_000);
    expect(await api.repository.listIds()).toEqual([]);
    const answer = await api.call('post', '/api/stores').set('Idempotency-Key', 'k').send(wish);
    expect(answer.status).toBe(202);
    expect(answer.headers['idempotent-replayed']).toBeUndefined();
    expect((await api.call('get', '/admin/queues/api/queues')).status).toBe(200);
  });

  it('F9: later: a hundred requests get 503 within a second, nothing is half made, readiness stays for a while', async () => {
    const api = await startApiWithRedis();
    cleanUps.push(() => api.stop());
    const id = await api.create('Before');
    expect((await api.callAnonymously('get', '/readyz')).status).toBe(200);
    await api.server.kill();

    const start = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => api.call('post', '/api/stores').send({ ...wish, name: `No ${index}` })),
    );
    // One after another they would take over a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(
      new Set(answers.map(({ status, body, headers }) => `${status} ${body.code} ${headers['retry-after']}`)),
    ).toEqual(new Set(['503 redis.unavailable 5']));
    expectUnavailable(await callEverything(api));
    expect((await api.callAnonymously('get', '/readyz')).status).toBe(200);

    await api.server.restart();
    await vi.waitFor(async () => expect((await api.call('get', '/api/stores')).status).toBe(200), 5_000);
    const { items } = (await api.call('get', '/api/stores')).body as { items: { id: string }[] };
    expect(items.map((item) => item.id)).toEqual([id]);
    expect(await api.redis.hlen('urumi:names:admin')).toBe(1);
    expect(await api.redis.hlen('urumi:hosts')).toBe(1);
  });

  it('F9: frozen: 503 within a second, and what was refused is not made after the thaw', async () => {
    const api = await startApiWithRedis();
    cleanUps.push(() => api.stop());
    await api.create('Before');
    api.server.signal('SIGSTOP');
    const answers = await callEverything(api);
    api.server.signal('SIGCONT');
    for (const { status, ms } of answers) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(answeredWithinMs);
    }
    await vi.waitFor(async () => expect((await api.call('get', '/api/stores')).status).toBe(200), 5_000);
    expect((await api.call('get', '/api/stores')).body.items).toHaveLength(1);
  });

  it('F1: for the ring only: the wish is recorded and answered', async () => {
    const api = await startApiWithRedis();
    cleanUps.push(() => api.stop());
    // BullMQ counts job ids here; a list makes every add fail.
    await api.redis.rpush('urumi:bull:stores:id', 'broken');
    const answer = await api.call('post', '/api/stores').send(wish);
    expect(answer.status).toBe(202);
    expect((await api.repository.listOwedIds()).ids).toEqual([answer.body.id]);
  });
});
