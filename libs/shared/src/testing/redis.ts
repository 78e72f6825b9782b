/**
 * A real Redis for one test file: own process, own port on loopback, durable settings as in production, gone at the end.
 * Its files are in memory where the machine offers that, so that writing each change to disk costs nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findFreePort } from '../server/ops/free-port.ts';

/** Settings beside or instead of the durable ones, as on the command line. */
export type RedisSettings = Readonly<Record<string, string>>;

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the server as a crash would, keeping its data. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data; later settings win over earlier ones. */
  restart(settings?: RedisSettings): Promise<void>;
  /** Freezes or thaws it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Keeps its files as they are now, as an operator's copy would. */
  copy(): Promise<RedisCopy>;
  /** Kills it and starts it again on the files of that copy. */
  restore(copy: RedisCopy): Promise<void>;
  /** Bytes of the commands it has written so far. */
  fileSize(): Promise<number>;
  /** Kills it, cuts that file to a former size as a broken disk would, and starts it again. */
  cutTo(bytes: number): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface RedisCopy {
  readonly folder: string;
}

const durable: RedisSettings = {
  appendonly: 'yes',
  appendfsync: 'always',
  save: '',
  'maxmemory-policy': 'noeviction',
};

/** @throws Error where `redis-server` is missing or does not answer within 10 s */
export async function startTestRedis(settings: RedisSettings = {}): Promise<TestRedis> {
  const base = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'urumi-redis-'));
  const data = join(base, 'data');
  await mkdir(data);
  const port = await findFreePort();
  let wanted: RedisSettings = { ...durable, ...settings };
  let child = await spawnServer(port, data, wanted);
  let copies = 0;

  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const start = async (): Promise<void> => {
    child = await spawnServer(port, data, wanted);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: end,
    restart: async (changes = {}) => {
      await end();
      wanted = { ...wanted, ...changes };
      await start();
    },
    signal: (signal) => void child.kill(signal),
    copy: async () => {
      const folder = join(base, `copy-${(copies += 1)}`);
      await cp(data, folder, { recursive: true });
      return { folder };
    },
    restore: async ({ folder }) => {
      await end();
      await rm(data, { recursive: true });
      await cp(folder, data, { recursive: true });
      await start();
    },
    fileSize: async () => (await stat(await findCommands(data))).size,
    cutTo: async (bytes) => {
      await end();
      await truncate(await findCommands(data), bytes);
      await start();
    },
    stop: async () => {
      await end();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** The append-only file that grows; its base of an earlier rewrite is another one. */
async function findCommands(data: string): Promise<string> {
  const folder = join(data, 'appendonlydir');
  const file = (await readdir(folder)).find((name) => name.endsWith('.incr.aof'));
  if (file === undefined) throw new Error('the append-only file is not where it is expected');
  return join(folder, file);
}

async function spawnServer(port: number, folder: string, settings: RedisSettings): Promise<ChildProcess> {
  const all = { port: String(port), bind: '127.0.0.1', dir: folder, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const spawnFailed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  await Promise.race([waitUntilAnswering(port), spawnFailed]);
  return child;
}

async function waitUntilAnswering(port: number): Promise<void> {
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: 200 });
  redis.on('error', () => undefined);
  try {
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
