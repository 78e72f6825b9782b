/**
 * Redis. Its settings are judged by each service at its start, which refuses a Redis that may forget; here is read what the
 * cluster shows of a bundled one, and whether the services are content.
 */
import { fault, ok, unknown, warn, type Finding } from './finding.ts';
import { readReadyzBody, type Readiness } from './judge-services.ts';
import { nameOf, type Claim, type Workload } from './objects.ts';

/** What the chart starts it with, and why. */
const needed = [
  ['--appendonly', 'yes'],
  ['--appendfsync', 'always'],
  ['--maxmemory-policy', 'noeviction'],
] as const;

export interface RedisFacts {
  readonly release: string;
  readonly namespace: string;
  readonly services: readonly Workload[];
  readonly redis: Workload | undefined;
  readonly claim: Claim | undefined;
  readonly readiness: readonly Readiness[];
}

export function judgeRedis(facts: RedisFacts): Finding {
  const { release, namespace, services, redis, claim } = facts;
  if (services.length === 0 && redis === undefined)
    return unknown('no service that would use one', 'See the lines above.');
  const own = `${release}-redis`;
  const usesOwn = services.some((service) => secretOfRedis(service) === own);
  if (redis === undefined && !usesOwn) return judgeExternal(services);
  if (redis === undefined) {
    return fault(
      `there is no StatefulSet ${own}, whose Secret the services use`,
      '`helm upgrade` with the values of before; its claim and Secret were kept.',
    );
  }
  const wrong = findWrongSettings(redis);
  if (wrong.length > 0) {
    return fault(
      `bundled; may forget what it was told: ${wrong.join(', ')}`,
      `Set what the chart sets: \`helm upgrade\`, then see docs/runbooks/redis.md.`,
    );
  }
  const phase = claim?.status?.phase ?? 'not there';
  if (phase !== 'Bound') {
    return fault(
      `bundled; its claim ${own}-data is ${phase}`,
      `See \`kubectl --namespace ${namespace} describe pvc ${own}-data\`, and the line on storage.`,
    );
  }
  if ((redis.status?.readyReplicas ?? 0) === 0) {
    return fault(
      'bundled; its pod is not ready',
      `See \`kubectl --namespace ${namespace} describe pod ${own}-0\` and docs/runbooks/redis.md.`,
    );
  }
  const memory = facts.readiness.map((each) => readReadyzBody(each).redisMemory);
  if (memory.includes('full')) {
    return warn(
      'bundled; its memory is full, so no new store is taken',
      'Raise redis.maxmemoryMb: docs/runbooks/redis.md.',
    );
  }
  return ok('bundled; ready, every write is on disk, nothing is evicted, its claim is bound');
}

function judgeExternal(services: readonly Workload[]): Finding {
  const away = services.filter((service) => (service.status?.readyReplicas ?? 0) === 0).map(nameOf);
  const saw = 'external; judged by the services at their start';
  if (away.length === 0) return ok(`${saw}: all are ready`);
  return unknown(
    `${saw}: not ready: ${away.join(', ')}`,
    'Read their logs, and docs/runbooks/redis.md where they speak of Redis.',
  );
}

function secretOfRedis(service: Workload): string | undefined {
  const env = service.spec?.template?.spec?.containers?.flatMap((each) => each.env ?? []) ?? [];
  return env.find((each) => each.name === 'REDIS_URL')?.valueFrom?.secretKeyRef?.name;
}

function findWrongSettings(redis: Workload): string[] {
  const [container] = redis.spec?.template?.spec?.containers ?? [];
  const line = [...(container?.command ?? []), ...(container?.args ?? [])];
  return needed.flatMap(([option, value]) => {
    // The last one wins, as in Redis itself.
    const at = line.lastIndexOf(option);
    const set = at < 0 ? undefined : line[at + 1];
    return set === value ? [] : [`${option.slice(2)} is ${set ?? 'not set'} instead of ${value}`];
  });
}
