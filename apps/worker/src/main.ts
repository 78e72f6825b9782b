/** Wires the worker together and runs it. Decides nothing. */
import { hostname, tmpdir } from 'node:os';
import type { WorkerEvent } from '@urumi/shared/domain/events';
import { LeaseKeeper } from '@urumi/shared/server/lease/lease';
import { buildLogger } from '@urumi/shared/server/ops/logger';
import { runService, type ServiceContext } from '@urumi/shared/server/ops/run-service';
import { openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { subscribeWishes } from '@urumi/shared/server/queue/wishes';
import {
  connectBlocking,
  connectFailFast,
  waitUntilReady,
  withinDeadline,
} from '@urumi/shared/server/redis/connection';
import { requireDurableRedis } from '@urumi/shared/server/redis/durability';
import { openDoor } from '@urumi/shared/server/store/door';
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { runAttempt, type AttemptParts } from './attempt/attempt.ts';
import { leaseMs } from './attempt/held-lease.ts';
import { WishBoard } from './attempt/wish-board.ts';
import { readConfig, type Config } from './config.ts';
import { Helm } from './helm/helm.ts';
import { PrivateFolder } from './helm/private-folder.ts';
import { ValuesFile } from './helm/values-file.ts';
import { Access } from './kube/access.ts';
import { KubeClient } from './kube/client.ts';
import { writePodKubeconfig } from './kube/kubeconfig.ts';
import { Namespaces } from './kube/namespaces.ts';
import { Releases } from './kube/releases.ts';
import { Workloads } from './kube/workloads.ts';
import { AttemptMetrics, LeaseMetrics } from './metrics.ts';
import { ProtectionWatch } from './protection/protection-watch.ts';
import { tryAdmission } from './protection/try-admission.ts';
import { parseForbiddenAddress, tryNetwork } from './protection/try-network.ts';
import { Consumer } from './queue/consumer.ts';
import { keepGlobalConcurrency } from './queue/global-concurrency.ts';

const redisTimeoutMs = 10_000;
/** Beyond the drain: helm's own grace of 10 s, SIGKILL 2 s later, and the last words. */
const stopSpareMs = 16_000;

const config = readConfig();
const logger = buildLogger('worker', config.LOG_LEVEL);

await runService({
  name: 'worker',
  logger,
  ops: config.OPS_PORT === undefined ? null : { host: config.OPS_HOST, port: config.OPS_PORT },
  start: (context) => startWorker(config, context),
});

async function startWorker(settings: Config, context: ServiceContext) {
  const valuesFile = await ValuesFile.open(settings.STORE_VALUES_FILE, logger);
  const folder = await PrivateFolder.make(settings.TMPDIR ?? tmpdir(), logger);
  context.onStop('private folder', () => folder.remove(), 2_000);

  const redis = connectFailFast(settings.REDIS_URL);
  const blocking = connectBlocking(settings.REDIS_URL);
  const subscriber = connectBlocking(settings.REDIS_URL);
  // Ends subscription and queue too, which would otherwise wait for a Redis that may be gone.
  context.onStop('redis', () => [redis, blocking, subscriber].forEach((connection) => connection.disconnect()), 1_000);
  await waitUntilReady(redis, redisTimeoutMs);
  await requireDurableRedis({
    redis,
    allowUnsafe: settings.REDIS_ALLOW_UNSAFE,
    logger,
    registry: context.metrics,
    patienceMs: redisTimeoutMs,
    onRefused: context.fail,
  });

  const kubeconfig = settings.KUBECONFIG ?? (await writePodKubeconfig(folder.path, settings));
  const client = new KubeClient(kubeconfig);
  context.onStop('cluster connections', () => client.close(), 1_000);
  const helm = new Helm({
    bin: settings.HELM_BIN,
    chart: settings.STORE_CHART,
    kubeconfig,
    timeoutMs: settings.HELM_TIMEOUT_MS,
    folder,
    searchPath: settings.PATH,
  });
  // Where helm is not there yet, the first store asks again.
  helm.readChartVersion().catch(() => undefined);
  const parts: AttemptParts = {
    keeper: new LeaseKeeper(redis, { leaseMs, runningPerOwnerMax: settings.RUNNING_PER_OWNER }),
    door: openDoor<WorkerEvent>(redis),
    repository: new StoreRepository(redis),
    logger,
    figures: new LeaseMetrics(context.metrics),
    adapters: {
      namespaces: new Namespaces(client, settings.URUMI_INSTALLATION_ID),
      access: new Access(client, settings.URUMI_API_USER),
      releases: new Releases(client),
      workloads: new Workloads(client),
      helm,
      creates: new CreatesPauses(redis),
      readInstallationValues: () => valuesFile.read(),
    },
  };

  const queue = openStoreQueue(redis);
  const stopKeeping = await keepGlobalConcurrency(queue, settings.GLOBAL_CONCURRENCY, logger);
  context.onStop('global limit', stopKeeping, 1_000);

  const wishes = new WishBoard();
  await subscribeWishes(subscriber, (storeId) => wishes.announce(storeId));

  const metrics = new AttemptMetrics(context.metrics);
  const consumer = new Consumer({
    connection: blocking,
    concurrency: settings.WORKER_CONCURRENCY,
    logger,
    run: (request) =>
      metrics.measure(() => runAttempt(parts, { ...request, onWish: (look) => wishes.listen(request.storeId, look) })),
  });
  context.onStop('attempts', () => consumer.stop(settings.DRAIN_MS), settings.DRAIN_MS + stopSpareMs);

  const protection = watchProtection(settings, context, { client, board: new ProtectionBoard(redis) });

  const isReady = async (): Promise<boolean> => {
    try {
      await withinDeadline(redis.ping(), 1_000);
      return true;
    } catch {
      return false; // The probe's answer says it.
    }
  };
  return { isReady, tell: protection.tell };
}

function watchProtection(
  { URUMI_INSTALLATION_ID: installationId, FORBIDDEN_ADDRESS: forbidden }: Config,
  context: ServiceContext,
  { client, board }: { readonly client: KubeClient; readonly board: ProtectionBoard },
): ProtectionWatch {
  const address = forbidden === undefined ? null : parseForbiddenAddress(forbidden);
  const watch = new ProtectionWatch({
    tries: {
      admissionPolicies: (ending) => tryAdmission(client, installationId, ending),
      ...(address && { networkPolicies: () => tryNetwork(address, () => board.isApiListening()) }),
    },
    board,
    worker: `${hostname()}:${process.pid}`,
    logger,
    registry: context.metrics,
  });
  const running = watch.run(context.signal);
  context.onStop('watch of policies', () => running, 4_000);
  return watch;
}
