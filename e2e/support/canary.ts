/** Looks for the stores' secrets where none may be: Redis, objects of the cluster, logs, arguments of processes. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSecret } from './cluster-reads.ts';
import { listPids, readOfProcess } from './processes.ts';
import type { Redis } from 'ioredis';
import type { Places } from '@urumi/scripts/launcher/places';

/** Where to look. */
export interface Searched {
  readonly redis: Redis;
  readonly places: Pick<Places, 'logs'>;
  /** False where pods only pretend and so have no log. */
  readonly podsSpeak?: boolean;
  kubectl(...args: string[]): Promise<string>;
}

const storeSecrets = ['store-admin', 'store-database', 'store-app'] as const;
/** Known to everybody who looks at the shop, by design. */
const publicKeys: ReadonlySet<string> = new Set(['email', 'publishableKey']);

/** Every secret value of the stores. @returns `namespace/secret.key` with its value */
export async function readStoreSecrets(t: Searched, namespaces: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const namespace of namespaces) {
    for (const secret of storeSecrets) {
      for (const [key, value] of Object.entries(await readSecret(t, namespace, secret))) {
        if (!publicKeys.has(key)) found.set(`${namespace}/${secret}.${key}`, value);
      }
    }
  }
  return found;
}

/** @returns where a secret was seen, as `place: namespace/secret.key`; empty where all is well */
export async function findLeaks(t: Searched, namespaces: readonly string[]): Promise<string[]> {
  const secrets = await readStoreSecrets(t, namespaces);
  const leaks: string[] = [];
  for await (const { place, text } of readPlaces(t, namespaces)) {
    for (const [name, value] of secrets) {
      if (text.includes(value) || text.includes(Buffer.from(value).toString('base64'))) leaks.push(`${place}: ${name}`);
    }
  }
  return leaks;
}

async function* readPlaces(
  t: Searched,
  namespaces: readonly string[],
): AsyncGenerator<{ place: string; text: string }> {
  for (const key of await t.redis.keys('*')) {
    // DUMP holds any type; short values lie in it as they are.
    const dump = await t.redis.dumpBuffer(key);
    yield { place: `Redis key ${key}`, text: `${dump?.toString('latin1') ?? ''} ${await readText(t, key)}` };
  }
  const kinds = 'pods,jobs,configmaps,deployments,statefulsets,events,ingresses';
  for (const namespace of namespaces) {
    yield { place: `objects of ${namespace}`, text: await t.kubectl('get', kinds, '-n', namespace, '-o', 'json') };
    if (t.podsSpeak === false) continue;
    const pods = (await t.kubectl('get', 'pods', '-n', namespace, '-o', 'name')).trim().split('\n').filter(Boolean);
    for (const pod of pods) {
      yield { place: `log of ${namespace} ${pod}`, text: await t.kubectl('logs', '-n', namespace, pod) };
    }
  }
  for (const entry of await readdir(t.places.logs, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    yield { place: `log ${entry.name}`, text: await readFile(join(entry.parentPath, entry.name), 'utf8') };
  }
  for (const pid of await listPids()) {
    yield { place: `arguments of process ${pid}`, text: readOfProcess(pid, 'cmdline') };
  }
}

async function readText(t: Searched, key: string): Promise<string> {
  switch (await t.redis.type(key)) {
    case 'string':
      return (await t.redis.get(key)) ?? '';
    case 'hash':
      return JSON.stringify(await t.redis.hgetall(key));
    case 'list':
      return (await t.redis.lrange(key, 0, -1)).join(' ');
    case 'set':
      return (await t.redis.smembers(key)).join(' ');
    case 'zset':
      return (await t.redis.zrange(key, '0', '-1')).join(' ');
    case 'stream':
      return JSON.stringify(await t.redis.xrange(key, '-', '+'));
    default:
      return '';
  }
}
