/** Two owners and the administrator on one api: what each sees, makes and may touch. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toTokenLine } from '@urumi/shared/domain/tokens';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApiWithRedis, token as adminToken, type Method } from '../testing/api.ts';
import { digestToken } from './token-digest.ts';

const tokens = { ana: 'token-of-ana-token-of-ana', ben: 'token-of-ben-token-of-ben' } as const;
type Owner = keyof typeof tokens;
const line = (owner: Owner) =>
  toTokenLine(digestToken(tokens[owner]).toString('hex'), { owner, name: `${owner}-laptop` });

let folder: string;
let file: string;
let api: Awaited<ReturnType<typeof startApiWithRedis>>;
const log: string[] = [];

async function write(text: string, mode = 0o600): Promise<void> {
  await writeFile(file, text);
  await chmod(file, mode);
}

const as = (owner: Owner, method: Method, path: string) =>
  api.callAnonymously(method, path).set('Authorization', `Bearer ${tokens[owner]}`);

async function create(owner: Owner, name: string): Promise<string> {
  const answer = await as(owner, 'post', '/api/stores').send({ name, engine: 'medusa' });
  expect(answer.status).toBe(202);
  return (answer.body as { id: string }).id;
}

const document = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, object>>;
};
const storeRoutes = Object.entries(document.paths)
  .filter(([path]) => path.includes('{id}'))
  .flatMap(([path, operations]) => Object.keys(operations).map((method) => [method as Method, path] as const));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'urumi-owners-'));
  file = join(folder, 'tokens');
  api = await startApiWithRedis({ tokensFile: file, storesMax: 4 }, { write: (entry: string) => void log.push(entry) });
});
beforeEach(() => write(line('ana') + line('ben')));
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a token of an owner', () => {
  it('says who it is', async () => {
    expect((await as('ana', 'get', '/api/me')).body).toMatchObject({
      owner: 'ana',
      name: 'ana-laptop',
      role: 'member',
    });
    expect((await api.call('get', '/api/me')).body).toMatchObject({ owner: 'admin', role: 'admin' });
  });

  it('sees its own stores, feed, counts and quota only', async () => {
    const [mine, theirs] = [await create('ana', 'Same name'), await create('ben', 'Same name')];
    const ids = async (owner: Owner) =>
      ((await as(owner, 'get', '/api/stores')).body.items as { id: string }[]).map(({ id }) => id);
    expect(await ids('ana')).toEqual([mine]);
    expect(await ids('ben')).toEqual([theirs]);
    expect((await api.call('get', '/api/stores')).body.items).toEqual([]);
    const feed = (await as('ana', 'get', '/api/activity')).body.items as { actor: string; storeId: string }[];
    expect(feed.map(({ actor, storeId }) => [actor, storeId])).toEqual([['ana-laptop', mine]]);
    expect((await as('ana', 'get', '/api/metrics')).body.stores.queued).toBe(1);
    expect((await as('ana', 'get', '/api/me')).body.quota).toEqual({ stores: 1, storesMax: 4 });
  });

  it.each(storeRoutes)('finds nothing of another owner, alive or deleted: %s %s', async (method, path) => {
    const body = method === 'patch' ? { plan: 'L' } : {};
    for (const id of (await api.repository.listIds()).slice(0, 2)) {
      const owner = (await api.repository.read(id))?.record.identity.owner;
      const stranger = owner === 'ana' ? 'ben' : 'ana';
      const answer = await as(stranger, method, path.replace('{id}', id)).send(method === 'get' ? undefined : body);
      expect([answer.status, answer.body.code]).toEqual([404, 'store.not-found']);
      expect((await api.call(method, path.replace('{id}', id)).send(method === 'get' ? undefined : body)).status).toBe(
        404,
      );
      expect((await api.repository.read(id))?.record.desired.generation).toBe(1);
    }
  });

  it('has idempotency keys of its own', async () => {
    const send = (owner: Owner) =>
      as(owner, 'post', '/api/stores').set('Idempotency-Key', 'k').send({ name: 'Keyed', engine: 'medusa' });
    const [first, second] = [await send('ana'), await send('ben')];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body.id).not.toBe(second.body.id);
  });

  it('F42: cannot have a host that another owner has', async () => {
    const host = 'harbour';
    const answers = await Promise.all(
      (['ana', 'ben'] as const).map((owner) =>
        as(owner, 'post', '/api/stores').send({ name: 'By the sea', engine: 'medusa', host }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('store.host-taken');
  });

  it('does not open the queue board, which is the administrator’s', async () => {
    const refused = await as('ana', 'get', '/admin/queues');
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    expect((await api.call('get', '/admin/queues')).status).toBe(200);
  });

  it('works after Redis lost everything', async () => {
    await api.redis.flushall();
    await api.repository.openGate();
    expect((await as('ana', 'get', '/api/me')).status).toBe(200);
  });
});

describe('the tokens file', () => {
  it('is read again when it changes: a line that is gone lets nobody in', async () => {
    await write(line('ben'));
    expect((await as('ana', 'get', '/api/me')).status).toBe(401);
    expect((await as('ben', 'get', '/api/me')).status).toBe(200);
    await rm(file);
    expect((await as('ben', 'get', '/api/me')).status).toBe(401);
    expect((await api.call('get', '/api/me')).status).toBe(200);
  });

  it('names bad lines by number and never by their text', async () => {
    log.length = 0;
    await write(
      `${line('ana')}${tokens.ben} ben pasted-by-mistake\n\n${digestToken(adminToken).toString('hex')} admin root\n`,
    );
    expect((await as('ana', 'get', '/api/me')).status).toBe(200);
    expect((await as('ben', 'get', '/api/me')).status).toBe(401);
    const warning = log.find((entry) => entry.includes('cannot be used')) ?? '';
    expect(JSON.parse(warning)).toMatchObject({ lines: [2, 4] });
    expect(log.join('')).not.toContain(tokens.ben);
  });

  it('is not used while others on the machine may read or change it', async () => {
    await write(line('ana'), 0o644);
    expect((await as('ana', 'get', '/api/me')).status).toBe(401);
    await write(line('ana'), 0o600);
    expect((await as('ana', 'get', '/api/me')).status).toBe(200);
  });
});
