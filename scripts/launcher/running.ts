/** The note in the state folder that tells who runs from it: for a second start, and for the clean-up after a kill. */
import { z } from 'zod';
import { readIdentity, waitForEnd } from '@urumi/embedded/base/process-identity';
import type { Places } from './places.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';

const identitySchema = z.object({ pid: z.int(), startTicks: z.int() });
const noteSchema = z.object({ url: z.string(), redis: identitySchema.nullable() });

const redisEndMs = 20_000;

/**
 * `start.sh` reads the address from this file when the folder is in use.
 * @param redisPid  of the Redis whose file is in the folder, if there is one
 */
export async function writeNote(places: Places, url: string, redisPid: number | null): Promise<void> {
  const redis = redisPid === null ? null : readIdentity(redisPid);
  await writePrivateFile(places.running, JSON.stringify({ url, redis }));
}

/**
 * Waits for the Redis of a killed run: two servers must never share one append-only file.
 * @throws Error where it does not end
 */
export async function awaitOldRedis(places: Places): Promise<void> {
  const text = await readIfThere(places.running);
  const note = text === null ? null : noteSchema.safeParse(JSON.parse(text));
  if (!note?.success || note.data.redis === null) return;
  if (!(await waitForEnd(note.data.redis, redisEndMs))) {
    throw new Error(
      `the Redis of an earlier run (process ${note.data.redis.pid}) does not end: stop it, then start again`,
    );
  }
}
