/** The users of the bundled Redis, on a real one: each service can do its work, and nothing that is another's. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import { Leadership } from '@urumi/shared/server/lease/leader';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { listOpenJobs } from '@urumi/shared/server/queue/job-list';
import { publishWish, subscribeWishes } from '@urumi/shared/server/queue/wishes';
import { connectBlocking, connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { checkDurability } from '@urumi/shared/server/redis/durability';
import { readUse } from '@urumi/shared/server/redis/memory';
import { createStore } from '@urumi/shared/server/store/creation';
import { openDoor } from '@urumi/shared/server/store/door';
import { keys } from '@urumi/shared/server/store/keys';
import { readClaims, rememberOrphans } from '@urumi/shared/server/store/orphans';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { healthy, testHost, testIdentity } from '@urumi/shared/testing/records';
import { find } from '../../testing/objects.ts';
import { renderPlatform } from '../../testing/platform-chart.ts';

type Service = 'api' | 'worker' | 'reconciler';
type Connection = ReturnType<typeof connectFailFast>;

const services = ['api', 'worker', 'reconciler'] as const;
const ends: (() => unknown)[] = [];
let server: TestRedis;
let data: Readonly<Record<string, string>>;
const as = {} as Record<Service | 'admin', Connection>;

beforeAll(async () => {
  data = find(await renderPlatform('values-local.yaml'), 'Secret', 'urumi-redis').data ?? {};
  const folder = await mkdtemp(join(tmpdir(), 'urumi-acl-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'users.acl');
  // The harness itself comes as the default user, which the chart turns off.
  await writeFile(file, decode('users.acl').replace('user default off', 'user default on nopass ~* &* +@all'));
  server = await startTestRedis({ aclfile: file });
  ends.push(() => server.stop());
  for (const user of [...services, 'admin'] as const) {
    as[user] = connectFailFast(urlOf(user));
    await waitUntilReady(as[user], 5_000);
  }
});

afterAll(async () => {
  for (const connection of Object.values(as)) connection.disconnect();
  for (const end of ends.toReversed()) await end();
});

test('from a wish to a healthy shop every service does its part', async () => {
  const { api, worker, reconciler } = as;
  await as.admin.call('ACL', 'LOG', 'RESET');
  const leader = new Leadership(reconciler, 'reconciler', 6_000);
  expect(await leader.tick()).toBe(true);
  await new StoreRepository(reconciler).openGate();

  const heard: string[] = [];
  for (const service of ['worker', 'reconciler'] as const) {
    const subscriber = connectBlocking(urlOf(service));
    ends.push(() => subscriber.disconnect());
    await subscribeWishes(subscriber, (id) => heard.push(`${service} ${id}`));
  }

  const create = {
    ...testIdentity,
    plan: 'S',
    host: testHost,
    actor: 'admin',
    storesMax: 5,
    idempotency: { key: 'once', bodyHash: 'hash' },
  } as const;
  expect((await createStore(api, create)).outcome).toBe('created');
  expect((await createStore(api, create)).outcome).toBe('replayed');
  await publishWish(api, testIdentity.id);
  await expect.poll(() => heard.toSorted()).toEqual([`reconciler ${testIdentity.id}`, `worker ${testIdentity.id}`]);

  const ring = { storeId: testIdentity.id, generation: 1, intent: 'present', owner: 'admin', traceId: 't' } as const;
  const bell = (service: Service): Doorbell => {
    const queue = openStoreQueue(as[service]);
    ends.push(() => queue.close());
    return new Doorbell(queue, as[service]);
  };
  await bell('api').ring(ring, 'wish');
  await bell('reconciler').ring(ring, 'sweep');
  expect(await bell('reconciler').liftWaiting(Date.now())).toBeTypeOf('number');
  expect(await listOpenJobs(openStoreQueue(reconciler))).toHaveLength(1);

  // As BullMQ's worker waits and takes; its scripts are the queue's own.
  expect(await worker.bzpopmin('urumi:bull:stores:marker', 1)).not.toBeNull();
  await openStoreQueue(worker).setGlobalConcurrency(10);

  const lease = new LeaseKeeper(worker, { leaseMs: 6_000, runningPerOwnerMax: 5 });
  expect(await lease.start(testIdentity.id)).toMatchObject({ outcome: 'held', fence: 1 });
  expect(await lease.renew(testIdentity.id, 1, 'admin')).toMatchObject({ held: true });
  const said = openDoor(worker);
  const applied = { type: 'ReleaseApplied', generation: 1, chartVersion: '0.1.0', drift: 0 } as const;
  await said.apply(testIdentity.id, { type: 'NamespaceEnsured', generation: 1, namespaceUid: 'u' }, { fence: 1 });
  await said.apply(testIdentity.id, applied, { fence: 1, endLease: true });

  const seen = await openDoor(reconciler).apply(testIdentity.id, healthy(1));
  expect(seen).toMatchObject({ outcome: 'applied', record: { status: { value: 'ready' } } });
  await new StoreRepository(reconciler).writeLastPass({ isRouteAtFault: true });
  await rememberOrphans(reconciler, []);
  expect(await readClaims(reconciler)).toHaveLength(2);

  const repository = new StoreRepository(api);
  expect((await repository.list({ owner: 'admin', limit: 10 })).records).toHaveLength(1);
  expect(await repository.readRouteFault()).toBe(await repository.readLastPass());
  await Promise.all([repository.readClusterProgress(), repository.readEngineAvailability()]);
  await new ProtectionBoard(api).sayListening();
  expect(await new ProtectionBoard(worker).isApiListening()).toBe(true);
  const protection = { admissionPolicies: 'enforced', networkPolicies: 'missing' } as const;
  await new ProtectionBoard(worker).write('worker-1', protection);
  expect(await new ProtectionBoard(api).read()).toEqual(protection);
  await new ProtectionBoard(worker).remove('worker-1');
  // Errors of the queue are heard by nobody here; Redis counts what it refused.
  expect(await as.admin.call('ACL', 'LOG')).toEqual([]);
});

test.each(services)('%s reads the settings that keep promises, and how full Redis is', async (service) => {
  expect(await checkDurability(as[service])).toBeNull();
  expect((await readUse(as[service])).ratio).toBeTypeOf('number');
});

test.each(
  services.flatMap((service) =>
    [
      ['FLUSHALL'],
      ['FLUSHDB'],
      ['SCRIPT', 'FLUSH'],
      ['FUNCTION', 'FLUSH'],
      ['CONFIG', 'SET', 'appendonly', 'no'],
      ['CONFIG', 'REWRITE'],
      ['ACL', 'LIST'],
      ['CLIENT', 'LIST'],
      ['KEYS', '*'],
      ['SHUTDOWN', 'NOSAVE'],
      ['REPLICAOF', 'NO', 'ONE'],
      ['MONITOR'],
      ['GET', 'somebody:else'],
      ['SET', 'urumi:admin-log', 'x'],
      ['SUBSCRIBE', 'other'],
      ['EVAL', "return redis.call('FLUSHALL')", '0'],
    ].map((command) => ({ service, command, text: command.join(' ') })),
  ),
)('$service may not $text', async ({ service, command }) => {
  await expect(call(service, command)).rejects.toThrow(/NOPERM|permission|can't run|No permissions/i);
});

/** What is one service's, tried by the others. */
test.each([
  { owner: 'api', key: 'urumi:idempotency:admin:1', others: ['worker', 'reconciler'] },
  { owner: 'reconciler', key: 'urumi:leader:reconciler', others: ['api', 'worker'] },
  { owner: 'reconciler', key: 'urumi:last-pass', others: ['api', 'worker'] },
  { owner: 'reconciler', key: 'urumi:route-fault', others: ['api', 'worker'] },
  { owner: 'worker', key: 'urumi:protection', others: ['api', 'reconciler'] },
  { owner: 'api', key: 'urumi:api-listens', others: ['worker', 'reconciler'] },
  { owner: 'reconciler', key: 'urumi:orphans', others: ['api', 'worker'] },
] as const)('$key is of the $owner alone', async ({ owner, key, others }) => {
  await expect(call(owner, ['DEL', key])).resolves.toBeTypeOf('number');
  for (const other of others) await expect(call(other, ['DEL', key]), other).rejects.toThrow('NOPERM');
});

test("every key that code knows is somebody's", async () => {
  for (const [name, key] of Object.entries(keys)) {
    // A channel, and what people write by hand.
    if (name === 'wishes' || name === 'adminLog') continue;
    const text = typeof key === 'string' ? key : key('x', 'present');
    const answers = await Promise.all(services.map((service) => as.admin.call('ACL', 'DRYRUN', service, 'GET', text)));
    expect(answers, `${text}: give it to a service in templates/redis/_acl.tpl`).toContain('OK');
  }
});

test.each(['worker', 'reconciler'] as const)('the %s hears wishes and says none', async (service) => {
  await expect(call(service, ['PUBLISH', 'urumi:wishes', 'x'])).rejects.toThrow('NOPERM');
});

test('an administrator with the runbook may do what it says', async () => {
  await expect(as.admin.call('CONFIG', 'SET', 'maxmemory', '200mb')).resolves.toBe('OK');
  await expect(as.admin.call('XLEN', 'urumi:admin-log')).resolves.toBe(0);
});

async function call(service: Service, [name = '', ...args]: readonly string[]): Promise<unknown> {
  return as[service].call(name, ...args);
}

function decode(key: string): string {
  return Buffer.from(data[key] ?? '', 'base64').toString('utf8');
}

/** The rendered address, with the host of the test's server. */
function urlOf(user: string): string {
  return decode(user).replace('urumi-redis:6379', `127.0.0.1:${server.port}`);
}
