/** A Lua script and its hash: how Redis names it. */
import { createHash } from 'node:crypto';

export interface LuaScript {
  readonly text: string;
  readonly sha: string;
}

export function defineScript(text: string): LuaScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
