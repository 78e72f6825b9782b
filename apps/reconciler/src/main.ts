/** The reconciler's process: settings, connections, health. */
import { buildLogger } from '@urumi/shared/server/ops/logger';
import { runService } from '@urumi/shared/server/ops/run-service';
import { connectBlocking, connectFailFast, withinDeadline } from '@urumi/shared/server/redis/connection';
import { requireDurableRedis } from '@urumi/shared/server/redis/durability';
import { readConfig, type Config } from './config.ts';
import { startReconciler } from './reconciler.ts';
import { buildKubeconfigReader, buildPodReader, type ReadAccess } from './watch/access.ts';

const redisPatienceMs = 2_000;
const config = readConfig();
const logger = buildLogger('reconciler', config.LOG_LEVEL);

await runService({
  name: 'reconciler',
  logger,
  ops: config.OPS_PORT === undefined ? null : { host: config.OPS_HOST, port: config.OPS_PORT },
  start: async (context) => {
    const redis = connectFailFast(config.REDIS_URL);
    const subscriber = connectBlocking(config.REDIS_URL);
    context.onStop('redis', () => [redis, subscriber].forEach((connection) => connection.disconnect()), 1_000);
    // Without Redis the service starts all the same and waits for it.
    await requireDurableRedis({
      redis,
      allowUnsafe: config.REDIS_ALLOW_UNSAFE,
      logger,
      registry: context.metrics,
      patienceMs: redisPatienceMs,
      onRefused: context.fail,
    });
    const reconciler = startReconciler({
      config,
      redis,
      subscriber,
      readAccess: buildAccess(config),
      logger,
      registry: context.metrics,
    });
    context.onStop('reconciler', () => reconciler.stop(), 10_000);
    return {
      // The cluster's absence is shown by metrics: no restart of this process brings a cluster back.
      isReady: () =>
        withinDeadline(redis.ping(), 800).then(
          () => true,
          () => false,
        ),
    };
  },
});

function buildAccess({ KUBECONFIG, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT }: Config): ReadAccess {
  if (KUBECONFIG !== undefined) return buildKubeconfigReader(KUBECONFIG);
  if (KUBERNETES_SERVICE_HOST !== undefined) return buildPodReader(KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT);
  throw new Error('no way to a cluster: set KUBECONFIG, or run in a pod with its account mounted');
}
