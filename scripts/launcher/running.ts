/** One launcher per state folder: the lock, and the note that tells a second start where the first one answers. */
import { z } from 'zod';
import { takeLock } from '@urumi/embedded/base/lock';
import { readIdentity, waitForEnd } from '@urumi/embedded/base/process-identity';
import type { Places } from './places.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';

const identitySchema = z.object({ pid: z.int(), startTicks: z.int() });
const noteSchema = z.object({ url: z.string(), redis: identitySchema.nullable() });
export type RunningNote = z.infer<typeof noteSchema>;

const lockPatienceMs = 1_000;
const redisEndMs = 20_000;

/** @returns the lock, or `null` where another launcher holds it */
export async function takeLauncherLock(places: Places): Promise<Awaited<ReturnType<typeof takeLock>> | null> {
  const patience = AbortSignal.timeout(lockPatienceMs);
  try {
    return await takeLock(places.lock, patience);
  } catch (error) {
    if (patience.aborted) return null;
    throw error;
  }
}

export async function readNote(places: Places): Promise<RunningNote | null> {
  const text = await readIfThere(places.running);
  if (text === null) return null;
  const parsed = noteSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

export async function writeNote(places: Places, url: string, redisPid: number): Promise<void> {
  const note: RunningNote = { url, redis: readIdentity(redisPid) };
  await writePrivateFile(places.running, JSON.stringify(note));
}

/**
 * Waits for the Redis of a killed run: two servers must never share one append-only file.
 * @throws Error where it does not end
 */
export async function awaitOldRedis(places: Places): Promise<void> {
  const note = await readNote(places);
  if (note?.redis && !(await waitForEnd(note.redis, redisEndMs))) {
    throw new Error(`the Redis of an earlier run (process ${note.redis.pid}) does not end: stop it, then start again`);
  }
}
