/**
 * One service of a simulated platform as a process of its own: with its identity in the cluster, its own ways to Redis
 * and to the API server, and nobody who starts it again but the test.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeKubeconfig } from '@urumi/embedded/cluster/identity';
import type { Cluster } from '@urumi/embedded/cluster/up';
import type { Child } from '@urumi/scripts/launcher/child';
import type { Places } from '@urumi/scripts/launcher/places';
import { startService, toClusterUser, toKubeconfigPath, type ServiceName } from '@urumi/scripts/launcher/services';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { TcpProxy } from '@urumi/shared/testing/tcp-proxy';
import { request } from './http.ts';
import type { SimulatedRedis } from './simulated-redis.ts';
import { NotYet, waitFor } from './wait.ts';

export type Environment = Readonly<Record<string, string>>;

export interface SimulatedService {
  /** `api-1`, `worker-2`. */
  readonly name: string;
  readonly role: ServiceName;
  /** The api's port; of no meaning for the others. */
  readonly httpPort: number;
  /** `/livez`, `/readyz`, `/metrics`. */
  readonly opsPort: number;
  /** Its own way to Redis. */
  readonly redis: TcpProxy;
  /** Its own way to the API server, helm's too; the api's is not used. */
  readonly kubernetes: TcpProxy;
  /** One file for each start: `1/worker.log`, `2/worker.log`. */
  readonly logsFolder: string;
  /** Number of starts so far. */
  readonly starts: number;
  /** Null while it does not run. */
  pid(): number | null;
  /** Resolves with a sentence when the process that runs now has ended, whoever ended it. */
  ended(): Promise<string>;
  /** SIGSTOP and SIGCONT freeze and thaw it; a signal to a service that has ended is an error. */
  signal(signal: NodeJS.Signals): void;
  /** By SIGKILL; returns when it has ended. Safe to repeat. */
  kill(): Promise<void>;
  /** By SIGTERM, SIGKILL after its time; returns when it has ended. Safe to repeat. */
  stop(): Promise<void>;
  /**
   * After {@link kill}, {@link stop} or an end of its own.
   * @param env  for this start alone, over the platform's
   */
  start(env?: Environment): Promise<void>;
  /** Kill and start. */
  restart(env?: Environment): Promise<void>;
  /** Until `/readyz` says yes. @throws Error after `timeoutMs` */
  untilReady(timeoutMs?: number): Promise<void>;
}

export interface ServiceParts {
  readonly places: Places;
  readonly cluster: Cluster;
  readonly redis: SimulatedRedis;
  /** Of the shopper's route. */
  readonly ingressPort: number;
  readonly env: Environment;
}

/** @returns a service that was started, perhaps not ready yet; `close` ends it and its ways */
export async function startSimulatedService(
  name: string,
  role: ServiceName,
  parts: ServiceParts,
): Promise<SimulatedService & { close(): Promise<void> }> {
  const { cluster, redis } = parts;
  const own = {
    ...parts.places,
    kubeconfigs: join(parts.places.kubeconfigs, name),
    temporary: join(parts.places.temporary, name),
  };
  const logsFolder = join(parts.places.logs, name);
  await mkdir(own.kubeconfigs, { recursive: true, mode: 0o700 });
  await mkdir(own.temporary, { recursive: true, mode: 0o700 });
  const [httpPort, opsPort] = [await findFreePort(), await findFreePort()];
  const kubernetes = await TcpProxy.start(Number(new URL(cluster.apiUrl).port));
  const way = await redis.openWay();
  await writeKubeconfig(
    { ...cluster, apiUrl: `https://127.0.0.1:${kubernetes.port}` },
    { user: toClusterUser(role), groups: ['urumi:services'], file: toKubeconfigPath(own, role) },
  );

  let child: Child | null = null;
  let starts = 0;
  const start = async (env: Environment = {}): Promise<void> => {
    if (child?.isRunning()) throw new Error(`${name} runs already`);
    starts += 1;
    child = await startService(role, {
      places: { ...own, logs: join(logsFolder, String(starts)) },
      redisUrl: way.url,
      httpPort,
      ingressPort: parts.ingressPort,
      helm: join(cluster.binDir, 'helm'),
      overrides: { [role]: { OPS_PORT: String(opsPort), ...parts.env, ...env } },
    });
  };
  const running = (): Child => {
    if (!child?.isRunning()) throw new Error(`${name} does not run`);
    return child;
  };
  const kill = async (): Promise<void> => {
    if (!child?.isRunning()) return;
    process.kill(child.pid, 'SIGKILL');
    await child.ended;
  };
  const stop = async (): Promise<void> => {
    await child?.stop();
  };
  await start();
  return {
    name,
    role,
    httpPort,
    opsPort,
    redis: way.proxy,
    kubernetes,
    logsFolder,
    get starts() {
      return starts;
    },
    pid: () => (child?.isRunning() ? child.pid : null),
    ended: () => running().ended,
    signal: (signal) => void process.kill(running().pid, signal),
    kill,
    stop,
    start,
    restart: async (env) => {
      await kill();
      await start(env);
    },
    untilReady: async (timeoutMs = 30_000) => {
      await waitFor({ what: `${name} to be ready`, timeoutMs, intervalMs: 50 }, async () => {
        const end = await Promise.race([child?.ended ?? `${name} was not started`, sleep(0, null)]);
        if (end !== null) throw new Error(end);
        const answer = await request({ port: opsPort, path: '/readyz' }).catch((error: unknown) => String(error));
        if (typeof answer === 'string') return new NotYet(answer);
        return answer.status === 200 ? true : new NotYet(`${answer.status} ${answer.body}`);
      });
    },
    close: async () => {
      // A frozen process would sit out the whole time that a stop gives it.
      await kill();
      await kubernetes.close();
    },
  };
}
