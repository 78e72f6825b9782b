/** Every Redis key of the platform. BullMQ keeps its own under `urumi:bull`. */
export const keys = {
  /** Hash: one field per section, beside `version` and `schema`. */
  store: (id: string) => `urumi:store:${id}`,
  /** List of timeline entries, oldest first, bounded; outlives its store as long as the tombstone. */
  timeline: (id: string) => `urumi:timeline:${id}`,
  /** String: the fence of the living attempt; expires with the lease. */
  lease: (id: string) => `urumi:lease:${id}`,
  /** String: what is left of a deleted store; expires. */
  tombstone: (id: string) => `urumi:tombstone:${id}`,
  /** Sorted set of all store ids by creation time. */
  stores: 'urumi:stores',
  ownerStores: (owner: string) => `urumi:owner-stores:${owner}`,
  /** Hash: store id to status value, for counts and filters. */
  statuses: (owner: string) => `urumi:statuses:${owner}`,
  /** Hash: name key to store id, the claims of one owner. */
  names: (owner: string) => `urumi:names:${owner}`,
  /** Hash: host to store id, claimed across all owners. */
  hosts: 'urumi:hosts',
  /** Sorted set of stores the worker owes something, by the time the debt began. */
  owed: 'urumi:owed',
  /** Set: stores of one owner the worker owes something, creations and deletions apart. Its size is a job's place in line. */
  ownerOwed: (owner: string, intent: 'present' | 'absent') => `urumi:owner-owed:${owner}:${intent}`,
  listVersion: (owner: string) => `urumi:list-version:${owner}`,
  /** Stream, newest last, bounded. */
  activity: (owner: string) => `urumi:activity:${owner}`,
  /** Sorted set of running stores by lease expiry. */
  running: (owner: string) => `urumi:running:${owner}`,
  idempotency: (owner: string, keyHash: string) => `urumi:idempotency:${owner}:${keyHash}`,
  /** List, bounded: lengths of the steps of stores that became ready (JSON), by engine and size. */
  stepTimes: (engine: string, plan: string) => `urumi:step-times:${engine}:${plan}`,
  /** String: set while work may go on. Bound to the run of Redis that `run` names. */
  gate: 'urumi:gate',
  /** String: `run_id` of the Redis process that was greeted last (see `redis/run.ts`). */
  run: 'urumi:run',
  lastPass: 'urumi:last-pass',
  /** String: since when the way to all shops is at fault; absent while it is well. Written with `lastPass`. */
  routeFault: 'urumi:route-fault',
  progress: 'urumi:cluster-progress',
  /** String: which engines can be made now, for those where that changes while Urumi runs (JSON). */
  engines: 'urumi:engines',
  /** Hash: what nobody owns, with the time it was first seen (see `orphans.ts`). */
  orphans: 'urumi:orphans',
  /** Stream, bounded: what administrators removed by hand. */
  adminLog: 'urumi:admin-log',
  /** String: the pause of an engine's creates (JSON), and who of those that wait tries now; both expire. */
  createsPause: (engine: string) => `urumi:pause:${engine}`,
  createsProbe: (engine: string) => `urumi:pause:${engine}:probe`,
  /** Hash: what each worker found about the cluster's policies (JSON, `domain/protection.ts`); expires. */
  protection: 'urumi:protection',
  /** String: set while some api takes requests; expires. */
  apiListens: 'urumi:api-listens',
  leader: (name: string) => `urumi:leader:${name}`,
  /** Pub/sub channel: ids of stores with a new wish. */
  wishes: 'urumi:wishes',
} as const;
