/**
 * Keeps in Redis which engine's creates wait (`domain/pause.ts`) and hands out the one place that a waiting create may take
 * now and then. It expires unless the reconciler holds it up: a reconciler that is away stops nobody.
 */
import type { Redis } from 'ioredis';
import type { EngineId } from '../../domain/engines/catalog.ts';
import { createsPauseSchema, type CreatesPause } from '../../domain/pause.ts';
import { withinDeadline } from '../redis/connection.ts';
import { defineScript, runScript } from '../redis/script.ts';
import { keys } from './keys.ts';

const readDeadlineMs = 800;
/** Longer than a reconciler is away when another takes over. */
const lifeMs = 5 * 60_000;

/** What was read, to be compared when it is changed. */
export interface SeenPause {
  readonly engine: EngineId;
  readonly pause: CreatesPause | null;
  readonly text: string;
}

export type Admission =
  | { readonly kind: 'goes-on' }
  /** This one tries while others wait. */
  | { readonly kind: 'probe' }
  /** `inMs`: until the next one may try. */
  | { readonly kind: 'waits'; readonly inMs: number; readonly pause: CreatesPause };

/**
 * KEYS  1 pause  2 probe
 * ARGV  1 pause as it was read, '' for none  2 pause as it shall be, '' for none  3 its life in ms  4 first probe after ms
 * Returns 1, or 0 where another changed it meanwhile. DEL comes first, so that it also goes on when memory is full.
 */
const changeScript = defineScript(`
local held = redis.call('GET', KEYS[1]) or ''
if held ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] == '' then
  redis.call('DEL', KEYS[2])
  return 1
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if held == '' then redis.call('SET', KEYS[2], '-', 'PX', ARGV[4]) end
return 1
`);

/**
 * KEYS  1 pause  2 probe
 * ARGV  1 store id
 * Returns { 'goes-on' }, { 'probe' } where this store has or takes the place, or { 'waits', ms until it is free, pause }.
 */
const admitScript = defineScript(`
local pause = redis.call('GET', KEYS[1])
if not pause then return { 'goes-on' } end
if redis.call('GET', KEYS[2]) == ARGV[1] then return { 'probe' } end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', cjson.decode(pause).probeEveryMs) then return { 'probe' } end
return { 'waits', redis.call('PTTL', KEYS[2]), pause }
`);

export class CreatesPauses {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws DomainError `redis.unavailable` */
  async read(engine: EngineId): Promise<SeenPause> {
    const text = (await withinDeadline(this.#redis.get(keys.createsPause(engine)), readDeadlineMs)) ?? '';
    return { engine, text, pause: text === '' ? null : parsePause(text) };
  }

  /**
   * Begins, holds up (the same once more) or lifts (`null`) a pause.
   * @returns false where another changed it since `seen` was read; nothing is changed then
   * @throws DomainError `redis.unavailable`
   */
  async change(seen: SeenPause, pause: CreatesPause | null): Promise<boolean> {
    const text = pause === null ? '' : pause === seen.pause ? seen.text : JSON.stringify(pause);
    const answer = await runScript(this.#redis, changeScript, this.#keysOf(seen.engine), [
      seen.text,
      text,
      lifeMs,
      pause?.probeEveryMs ?? 1,
    ]);
    return answer === 1;
  }

  /**
   * Asks whether this store's create may begin. Safe to repeat: who has the place keeps it until the next may have it.
   * @throws DomainError `redis.unavailable`
   */
  async admit(engine: EngineId, storeId: string): Promise<Admission> {
    const answer = await runScript(this.#redis, admitScript, this.#keysOf(engine), [storeId]);
    const [kind, ms, text] = answer as readonly ['goes-on' | 'probe' | 'waits', number?, string?];
    if (kind !== 'waits') return { kind };
    return { kind, inMs: Math.max(0, ms ?? 0), pause: parsePause(text ?? '') };
  }

  #keysOf(engine: EngineId): readonly string[] {
    return [keys.createsPause(engine), keys.createsProbe(engine)];
  }
}

function parsePause(text: string): CreatesPause {
  return createsPauseSchema.parse(JSON.parse(text));
}
