/** The installation's Redis: durable, on loopback only, behind a password that is in no argument and no environment of it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { connectFailFast, waitUntilReady } from '@urumi/shared/server/redis/connection';
import { startChild, type Child } from './child.ts';
import type { Places } from './places.ts';
import { keepSecret, writePrivateFile } from './private-file.ts';

const startTimeoutMs = 30_000;

export interface RunningRedis {
  readonly child: Child;
  /** With the password: for environments of our own processes only. */
  readonly url: string;
}

/** @throws Error where it does not answer within 30 s (a long append-only file takes its time) */
export async function startRedis(places: Places): Promise<RunningRedis> {
  const port = await findFreePort();
  const password = await keepSecret(join(places.state, 'redis-password'));
  await mkdir(places.redisFolder, { recursive: true, mode: 0o700 });
  await writePrivateFile(
    places.redisConfig,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      `dir "${places.redisFolder}"`,
      'appendonly yes',
      'appendfsync always',
      'save ""',
      'maxmemory 192mb',
      'maxmemory-policy noeviction',
      '',
    ].join('\n'),
  );
  const child = await startChild({
    name: 'redis',
    command: 'redis-server',
    args: [places.redisConfig],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    logsFolder: places.logs,
    onParentDeath: 'TERM',
    stopTimeoutMs: 15_000,
  });
  const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const connection = connectFailFast(url);
  try {
    const died = child.ended.then((sentence) => Promise.reject(new Error(sentence)));
    await Promise.race([waitUntilReady(connection, startTimeoutMs), died]);
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    connection.disconnect();
  }
  return { child, url };
}
