/** A real Redis for one test file: own process, own port on loopback, durable settings as in production, gone at the end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the server as a crash would, keeping its data. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Freezes or thaws it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** @throws Error where `redis-server` is missing or does not answer within 10 s */
export async function startTestRedis(): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'urumi-redis-'));
  const port = await findFreePort();
  let child = await spawnServer(port, directory);

  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: end,
    restart: async () => {
      await end();
      child = await spawnServer(port, directory);
    },
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      await end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function spawnServer(port: number, directory: string): Promise<ChildProcess> {
  const settings = { port, bind: '127.0.0.1', dir: directory, appendonly: 'yes', appendfsync: 'always', save: '' };
  const args = Object.entries({ ...settings, 'maxmemory-policy': 'noeviction' }).flatMap(([key, value]) => [
    `--${key}`,
    String(value),
  ]);
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

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the free port has no number');
  return address.port;
}
