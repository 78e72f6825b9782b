/**
 * The Lua behind the record. Scripts compare and write; TypeScript decides what to write. One script commits every
 * change of a record, so record, indexes, timeline, feed and list version can never disagree.
 */
import { defineScript } from '../redis/script.ts';

/**
 * KEYS  1 store hash
 * Returns { now in ms, flat hash } in one step, so decisions use the time of the read.
 */
export const readScript = defineScript(`
local time = redis.call('TIME')
return { time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGETALL', KEYS[1]) }
`);

/**
 * KEYS  1 store  2 timeline  3 lease  4 stores  5 ownerStores  6 statuses  7 owed  8 listVersion  9 activity
 *       10 names  11 hosts  12 tombstone  13 gate  14 running  15 idempotency (any key where unused)
 *       16 stepTimes  17 ownerOwed of the wish's kind  18 ownerOwed of the other kind
 * ARGV  1 store id  2 command (JSON, see CommitCommand in commit.ts)
 * Returns { 'ok' } or the first check that failed: { 'gate-shut' }, { 'replayed', answer }, { 'conflict' }, { 'buried' },
 *         { 'lease-lost' }, { 'busy', ms }, { 'owner-busy', ms }, { 'name-taken', id }, { 'host-taken' }, { 'quota', count }.
 *         Nothing is written unless 'ok'.
 * At the limit of maxmemory Redis refuses a script's first write if it may grow memory, and lets a script that has begun to
 * write go on (Redis 7.0, script.c: scriptVerifyOOM; pinned by redis/memory.int.spec.ts). What goes on when full (\`room.ts\`)
 * therefore begins with a write that changes nothing. The creation of a store must not: its first write is a growing one.
 */
export const commitScript = defineScript(`
local id, c = ARGV[1], cjson.decode(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function given(value) return value ~= nil and value ~= cjson.null end

if c.needsGate and redis.call('EXISTS', KEYS[13]) == 0 then return { 'gate-shut' } end
if given(c.claim) and given(c.claim.idempotency) then
  local answer = redis.call('GET', KEYS[15])
  if answer then return { 'replayed', answer } end
end
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= c.version then return { 'conflict' } end
if version == 0 and redis.call('EXISTS', KEYS[12]) == 1 then return { 'buried' } end
if given(c.fence) and redis.call('GET', KEYS[3]) ~= c.fence then return { 'lease-lost' } end
if given(c.takeLease) then
  local left = redis.call('PTTL', KEYS[3])
  if left ~= -2 then return { 'busy', left } end
  redis.call('ZREMRANGEBYSCORE', KEYS[14], '-inf', now)
  if redis.call('ZCARD', KEYS[14]) >= c.takeLease.runningMax then return { 'owner-busy', 1000 } end
end
if given(c.claim) then
  local holder = redis.call('HGET', KEYS[10], c.claim.nameKey)
  if holder then return { 'name-taken', holder } end
  if given(c.claim.storesMax) then
    local count = redis.call('ZCARD', KEYS[5])
    if count >= c.claim.storesMax then return { 'quota', count } end
  end
end

for _, host in ipairs(c.hosts.claim) do
  local holder = redis.call('HGET', KEYS[11], host)
  if holder and holder ~= id then return { 'host-taken' } end
end

if c.goesOnWhenFull then redis.call('ZREM', KEYS[7], '') end
for _, host in ipairs(c.hosts.claim) do redis.call('HSET', KEYS[11], host, id) end
for _, host in ipairs(c.hosts.free) do
  if redis.call('HGET', KEYS[11], host) == id then redis.call('HDEL', KEYS[11], host) end
end
if given(c.claim) then
  redis.call('HSET', KEYS[10], c.claim.nameKey, id)
  redis.call('ZADD', KEYS[4], c.createdAt, id)
  redis.call('ZADD', KEYS[5], c.createdAt, id)
  if given(c.claim.idempotency) then
    redis.call('SET', KEYS[15], c.claim.idempotency.answer, 'EX', c.claim.idempotency.ttlSeconds)
  end
end
if given(c.takeLease) then
  redis.call('SET', KEYS[3], c.takeLease.fence, 'PX', c.takeLease.leaseMs)
  redis.call('ZADD', KEYS[14], now + c.takeLease.leaseMs, id)
end
if c.endLease then
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[14], id)
end

if given(c.finish) then
  redis.call('DEL', KEYS[1], KEYS[3])
  if given(c.timeline) then redis.call('RPUSH', KEYS[2], c.timeline) end
  redis.call('EXPIRE', KEYS[2], c.finish.ttlSeconds)
  redis.call('ZREM', KEYS[4], id)
  redis.call('ZREM', KEYS[5], id)
  redis.call('ZREM', KEYS[7], id)
  redis.call('SREM', KEYS[17], id)
  redis.call('SREM', KEYS[18], id)
  redis.call('ZREM', KEYS[14], id)
  redis.call('HDEL', KEYS[6], id)
  if redis.call('HGET', KEYS[10], c.finish.nameKey) == id then redis.call('HDEL', KEYS[10], c.finish.nameKey) end
  redis.call('SET', KEYS[12], c.finish.tombstone, 'EX', c.finish.ttlSeconds)
else
  for name, json in pairs(c.sections) do redis.call('HSET', KEYS[1], name, json) end
  redis.call('HSET', KEYS[1], 'version', version + 1, 'schema', c.schema)
  redis.call('HSET', KEYS[6], id, c.status)
  redis.call('SREM', KEYS[18], id)
  if c.owed then
    redis.call('ZADD', KEYS[7], 'NX', now, id)
    redis.call('SADD', KEYS[17], id)
  else
    redis.call('ZREM', KEYS[7], id)
    redis.call('SREM', KEYS[17], id)
  end
  if given(c.timeline) then
    redis.call('RPUSH', KEYS[2], c.timeline)
    redis.call('LTRIM', KEYS[2], -c.timelineMax, -1)
  end
end
if given(c.stepTimes) then
  redis.call('LPUSH', KEYS[16], c.stepTimes)
  redis.call('LTRIM', KEYS[16], 0, c.stepTimesMax - 1)
end
if given(c.activity) then
  redis.call('XADD', KEYS[9], 'MAXLEN', '~', c.activityMax, '*', 'entry', c.activity)
end
-- Begins with the time, so that a version from before a loss of Redis never comes again.
redis.call('SET', KEYS[8], string.format('%.0f', now), 'NX')
redis.call('INCR', KEYS[8])
return { 'ok' }
`);

/**
 * KEYS  1 lease  2 store  3 running
 * ARGV  1 fence  2 lease length in ms  3 store id
 * Returns { 1, desired section } where the lease is still held, else { 0 }.
 */
export const renewScript = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 0 } end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2], ARGV[3])
return { 1, redis.call('HGET', KEYS[2], 'desired') or '' }
`);

/**
 * KEYS  1 leader key
 * ARGV  1 own token  2 lease length in ms  3 '1' to resign
 * Returns 1 where this process leads after the call. DEL comes first: see the commit script.
 */
export const leadScript = defineScript(`
local holder = redis.call('GET', KEYS[1])
if ARGV[3] == '1' then
  if holder == ARGV[1] then redis.call('DEL', KEYS[1]) end
  return 0
end
if holder == false or holder == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0
`);

/**
 * KEYS  1 any string
 * ARGV  1 value
 * Sets a small value that work hangs on, also at the limit of maxmemory: DEL comes first, see the commit script.
 */
export const keepScript = defineScript(`
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1])
return 1
`);

/**
 * KEYS  1 last pass  2 fault of the route
 * ARGV  1 time of the pass in ms  2 '1' where the pass found the route at fault
 * DEL comes first, so that it is written at the limit of maxmemory too: see the commit script.
 */
export const passScript = defineScript(`
local since = redis.call('GET', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SET', KEYS[1], ARGV[1])
if ARGV[2] == '1' then redis.call('SET', KEYS[2], since or ARGV[1]) end
return 1
`);
