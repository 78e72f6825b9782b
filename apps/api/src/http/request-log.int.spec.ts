import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWithRedis, token } from '../testing/api.ts';

const lines: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(...chunk.toString().split('\n').filter(Boolean));
    done();
  },
});

let api: Awaited<ReturnType<typeof startApiWithRedis>>;
beforeAll(async () => {
  api = await startApiWithRedis({}, sink);
});
afterAll(() => api.stop());

describe('the log', () => {
  it('has one line per request with its id, and neither token nor body', async () => {
    await api
      .call('post', '/api/stores')
      .set('X-Request-Id', 'find-me')
      .send({ name: 'private-name', engine: 'medusa', secret: 'private-field' });
    const mine = lines.filter((line) => line.includes('find-me'));
    expect(mine).toHaveLength(1);
    expect(JSON.parse(mine[0] ?? '')).toMatchObject({
      req: { method: 'POST', url: '/api/stores' },
      res: { statusCode: 400 },
    });
    const everything = lines.join('\n');
    for (const secret of [token, 'private-name', 'private-field']) expect(everything).not.toContain(secret);
  });

  it('keeps control characters from forging lines', async () => {
    await api.call('get', '/api/stores?q=%0A%1B[31m').set('X-Request-Id', 'bad id\tx');
    await api.create('Line\u2028separator'.replace('\u2028', ' '));
    for (const line of lines) {
      expect(() => JSON.parse(line) as unknown).not.toThrow();
      // eslint-disable-next-line no-control-regex
      expect(line).not.toMatch(/[\u0000-\u001f]/);
    }
  });

  it('does not take over a request id that could do harm', async () => {
    const answer = await api.call('get', '/api/plans').set('X-Request-Id', 'x'.repeat(65));
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('holds the cause of a fault that the answer hides', async () => {
    const id = await api.create('Broken');
    await api.redis.hset(`urumi:store:${id}`, 'status', '{"value":"nonsense"}');
    const answer = await api.call('get', `/api/stores/${id}`).set('X-Request-Id', 'fault-1');
    expect([answer.status, answer.body.code]).toEqual([500, 'invariant.broken']);
    expect(JSON.stringify(answer.body)).not.toContain('nonsense');
    expect(answer.body.detail).toContain('request id');
    const faults = lines.map((line) => JSON.parse(line) as { requestId?: string; err?: { stack?: string } });
    expect(faults.find(({ requestId }) => requestId === 'fault-1')?.err?.stack).toBeTruthy();
  });
});
