/** What a run may not leave behind, read from Redis and the cluster themselves. */
import type { Redis } from 'ioredis';

export interface Cluster {
  kubectl(...args: string[]): Promise<string>;
}

/** Releases that some helm left half-way, as `namespace/secret`. */
export async function findPendingReleases(cluster: Cluster): Promise<string[]> {
  const selector = 'owner=helm,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)';
  return list(cluster, 'secrets', '-A', '-l', selector);
}

/** Namespaces and volumes of stores, as names. */
export async function findObjects(cluster: Cluster): Promise<string[]> {
  const [namespaces, volumes] = await Promise.all([
    list(cluster, 'namespaces', '-l', 'urumi.dev/store-id'),
    list(cluster, 'persistentvolumes'),
  ]);
  return [...namespaces, ...volumes];
}

/** Names of stores that more than one living namespace carries. */
export async function findDoubles(cluster: Cluster): Promise<string[]> {
  const text = await cluster.kubectl(
    'get',
    'namespaces',
    '-l',
    'urumi.dev/store-id',
    '-o',
    String.raw`jsonpath={range .items[*]}{.metadata.deletionTimestamp}{"\t"}{.metadata.annotations.urumi\.dev/wish}{"\n"}{end}`,
  );
  const seen = new Map<string, number>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [leaving, stamp] = line.split('\t');
    if (leaving || !stamp) continue;
    const { identity } = JSON.parse(stamp) as { identity: { owner: string; name: string } };
    const name = `${identity.owner}/${identity.name}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  return [...seen].filter(([, count]) => count > 1).map(([name]) => name);
}

/**
 * Keys of Redis that speak of living stores; once all are deleted there is none. What stays by design (tombstones and
 * timelines for 30 days, idempotent answers for a day, finished jobs, the feed) is bounded or expires.
 */
export async function findLivingKeys(redis: Redis): Promise<string[]> {
  const living = [/^urumi:store:/, /^urumi:lease:/, /^urumi:(names|statuses|owner-stores|running):/];
  const sets = new Set(['urumi:stores', 'urumi:hosts', 'urumi:owed']);
  const keys = await redis.keys('urumi:*');
  const found = keys.filter((key) => sets.has(key) || living.some((pattern) => pattern.test(key)));
  const jobs = keys.filter((key) =>
    /^urumi:bull:stores:(wait|active|prioritized|delayed|paused|waiting-children)$/.test(key),
  );
  const rings = keys.filter((key) => key.startsWith('urumi:bull:stores:de:'));
  const forever = await findUnexpiring(redis, keys);
  return [...found, ...jobs, ...rings, ...forever].sort();
}

/** Keys per deleted store that never expire: thousands of stores later they would fill the memory. */
async function findUnexpiring(redis: Redis, keys: readonly string[]): Promise<string[]> {
  const perStore = keys.filter((key) => /^urumi:(timeline|tombstone|idempotency):/.test(key));
  const lives = await Promise.all(perStore.map((key) => redis.ttl(key)));
  return perStore.filter((_, index) => lives[index] === -1);
}

async function list(cluster: Cluster, ...what: string[]): Promise<string[]> {
  const text = await cluster.kubectl(
    'get',
    ...what,
    '--ignore-not-found',
    '--no-headers',
    '-o',
    'custom-columns=N:.metadata.namespace,M:.metadata.name',
  );
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) =>
      line
        .trim()
        .replace(/^<none>\s+/, '')
        .replace(/\s+/, '/'),
    );
}
