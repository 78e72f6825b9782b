/** Runs Lua by its hash; sends the text once per Redis, also after a restart of Redis. */
import type { Redis } from 'ioredis';
import { withinDeadline } from './connection.ts';
import { greetOnce } from './run.ts';
import type { LuaScript } from './script-text.ts';

export { defineScript } from './script-text.ts';

/** Longest a script may take as seen by the caller, in milliseconds: requests promise an answer within a second. */
const scriptDeadlineMs = 800;

/** @throws DomainError `redis.unavailable` */
export async function runScript(
  redis: Redis,
  script: LuaScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  greetOnce(redis);
  return withinDeadline(
    redis.evalsha(script.sha, keys.length, ...keys, ...args).catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
        return redis.eval(script.text, keys.length, ...keys, ...args);
      }
      throw error;
    }),
    scriptDeadlineMs,
  );
}
