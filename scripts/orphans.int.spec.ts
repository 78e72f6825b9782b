import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { listOpenJobs } from '@urumi/shared/server/queue/job-list';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { createStore } from '@urumi/shared/server/store/creation';
import { keys } from '@urumi/shared/server/store/keys';
import { rememberOrphans, type Orphan } from '@urumi/shared/server/store/orphans';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let server: TestRedis;
let redis: ReturnType<typeof connectFailFast>;
let queue: ReturnType<typeof openStoreQueue>;
let folder: string;
beforeAll(async () => {
  server = await startTestRedis();
  redis = connectFailFast(server.url);
  queue = openStoreQueue(redis);
  await waitUntilReady(redis, 5_000);
  folder = await mkdtemp(join(tmpdir(), 'urumi-orphans-'));
  // Stands in for the administrator's kubectl: answers a uid, and notes what it was asked and told.
  const journal = join(folder, 'journal');
  const script = `#!/bin/sh\necho "$*" >> ${journal}\ncase "$1" in get) printf uid-7;; delete) cat >> ${journal};; esac\n`;
  await writeFile(join(folder, 'kubectl'), script);
  await chmod(join(folder, 'kubectl'), 0o755);
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await server.stop();
  await rm(folder, { recursive: true });
});

const orphans: Orphan[] = [
  { kind: 'claim', name: 'urumi:hosts nobody.localhost', storeId: 'none1234', why: 'no record' },
  { kind: 'record', name: 'lost1234', storeId: 'lost1234', why: 'its namespace is gone' },
  { kind: 'namespace', name: 'store-bare1234', storeId: null, why: 'no record' },
];

beforeEach(async () => {
  await redis.flushall();
  const repository = new StoreRepository(redis);
  // As the reconciler does after a loss: the run first, then the gate.
  await redis.set(keys.run, /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '');
  await repository.openGate();
  await rm(join(folder, 'journal'), { force: true });
  const store = { id: 'lost1234', owner: 'admin', actor: 'admin', name: 'Lost', engine: 'medusa', plan: 'S' } as const;
  await createStore(redis, { ...store, host: 'lost.localhost', storesMax: 9, idempotency: null });
  await redis.hset(keys.hosts, 'nobody.localhost', 'none1234');
  const ring = { storeId: 'none1234', generation: 1, intent: 'present', owner: 'admin', traceId: 't' } as const;
  await new Doorbell(queue, redis).ring(ring, 'sweep');
  const [job] = await listOpenJobs(queue);
  await rememberOrphans(redis, [
    ...orphans,
    { kind: 'job', name: job?.jobId ?? '', storeId: 'none1234', why: 'no record' },
  ]);
});

async function run(args: readonly string[], answers: readonly string[] = []): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--conditions=@urumi/source', join(import.meta.dirname, 'orphans.ts'), ...args],
    {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, REDIS_URL: server.url },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(''));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return output;
}

const readJournal = () => readFile(join(folder, 'journal'), 'utf8').catch(() => '');

async function look() {
  const intent = JSON.parse((await redis.hget(keys.store('lost1234'), 'desired')) ?? '{}') as { intent: string };
  return {
    claim: await redis.hexists(keys.hosts, 'nobody.localhost'),
    jobs: (await listOpenJobs(queue)).length,
    intent: intent.intent,
    deleted: (await readJournal()).includes('delete --raw'),
  };
}

const untouched = { claim: 1, jobs: 1, intent: 'present', deleted: false };

// Each run is a process of its own.
describe('the command for orphans', { timeout: 30_000 }, () => {
  it('F28: shows each and changes nothing unless told to', async () => {
    const output = await run([]);
    for (const { kind, name } of orphans) expect(output).toContain(`${kind} ${name}`);
    expect(output).toContain('Nothing was changed');
    expect(await look()).toEqual(untouched);
  });

  it('F28: removes nothing that is younger than the quarantine, whatever is answered', async () => {
    expect(await run(['--remove'], ['y', 'y', 'y', 'store-bare1234'])).toContain('kept: younger than 24 h');
    expect(await look()).toEqual(untouched);
  });

  it('F28: takes no answer for a no, and a yes for no namespace', async () => {
    await run(['--remove', '--quarantine-hours', '0']);
    expect(await look()).toEqual(untouched);
    await run(['--remove', '--quarantine-hours', '0'], ['y', 'y', 'y', 'y']);
    expect((await look()).deleted).toBe(false);
  });

  it('F28: removes what is confirmed, a namespace by its typed name and uid, and writes down who did it', async () => {
    // Asked in any order of the same moment, so every question is answered with what fits it.
    const shown = (await run([])).split('\n').flatMap((line) => /^(claim|record|job|namespace) /.exec(line)?.[1] ?? []);
    await run(
      ['--remove', '--quarantine-hours', '0'],
      shown.map((kind) => (kind === 'namespace' ? 'store-bare1234' : 'y')),
    );
    expect(await look()).toEqual({ claim: 0, jobs: 0, intent: 'absent', deleted: true });
    expect(await readJournal()).toContain('"preconditions":{"uid":"uid-7"}');
    const log = await redis.xrange(keys.adminLog, '-', '+');
    expect(log.map(([, fields]) => fields.slice(2).join(' ')).toSorted()).toEqual([
      expect.stringMatching(/^did asked what record lost1234$/),
      expect.stringMatching(/^did removed what claim urumi:hosts nobody.localhost$/),
      expect.stringMatching(/^did removed what job \S+$/),
      expect.stringMatching(/^did removed what namespace store-bare1234$/),
    ]);
  });

  it('F28: keeps a claim whose store has a record again', async () => {
    const store = { id: 'none1234', owner: 'admin', actor: 'admin', name: 'New', engine: 'medusa', plan: 'S' } as const;
    await createStore(redis, { ...store, host: 'new.localhost', storesMax: 9, idempotency: null });
    await run(['--remove', '--quarantine-hours', '0'], ['y', 'y', 'y', 'y']);
    expect(await look()).toMatchObject({ claim: 1, jobs: 1 });
  });
});
