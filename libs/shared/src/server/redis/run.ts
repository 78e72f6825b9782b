/**
 * Binds the gate to one run of Redis. A Redis that comes back may have lost its newest writes: its file was cut, it was
 * restored from a copy, a replica took its place. Nothing inside it can tell. So the first command of every connection
 * shuts a gate that was opened under another run, and the reconciler rebuilds from the stamps before work goes on.
 */
import type { Redis } from 'ioredis';
import { defineScript } from './script-text.ts';
import { keys } from '../store/keys.ts';

/**
 * KEYS  1 gate  2 run
 * Returns 1 where the gate was shut, because this process of Redis is not the one it was opened under.
 * DEL comes first: a script that has begun to write may go on although memory is full.
 */
const greetScript = defineScript(`
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if redis.call('GET', KEYS[2]) == run then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], run)
return 1
`);

const greeted = new WeakMap<Redis, boolean>();

/** From now on the connection greets each Redis that it meets before it runs a script there. */
export function greetOnConnect(redis: Redis): void {
  greeted.set(redis, false);
  redis.on('close', () => greeted.set(redis, false));
  redis.on('ready', () => greetOnce(redis));
}

/**
 * Sends the greeting where this connection has not sent it yet. Commands of one connection run in the order in which
 * they are sent, so the caller need not wait. A connection that could not greet is closed and made anew.
 */
export function greetOnce(redis: Redis): void {
  if (redis.status !== 'ready' || greeted.get(redis) !== false) return;
  greeted.set(redis, true);
  redis.eval(greetScript.text, 2, keys.gate, keys.run).catch(() => redis.disconnect(true));
}

/**
 * Remembers the present run as the one the gate is about to be opened under; shuts a gate of another one.
 * @throws as Redis answers, not translated: for callers that have a deadline of their own
 */
export async function bindRun(redis: Redis): Promise<void> {
  await redis.eval(greetScript.text, 2, keys.gate, keys.run);
}
