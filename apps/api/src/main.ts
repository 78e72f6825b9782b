/** Starts the api: configuration, HTTP server, metrics on their own port, and an end within five seconds. */
import './ops/small-heap.ts';
import { buildLogger } from '@urumi/shared/server/ops/logger';
import { runService } from '@urumi/shared/server/ops/run-service';
import { addJobsGauge } from '@urumi/shared/server/queue/jobs-gauge';
import { requireDurableRedis } from '@urumi/shared/server/redis/durability';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { readConfig } from './config.ts';
import { createApp } from './create-app.ts';
import { RedisReadiness } from './ops/redis-readiness.ts';
import { keepSayingListening } from './ops/listening.ts';
import { QueueReader } from './queues/queue-reader.ts';
import { redisConnection } from './records/records.module.ts';

const stopTimeoutMs = 4_000;
/** Without Redis the api starts all the same and answers 503. */
const redisPatienceMs = 1_000;

const config = readConfig();
const logger = buildLogger('api', config.logLevel);

await runService({
  name: 'api',
  logger,
  ops: config.ops,
  start: async (service) => {
    const app = await createApp(config, logger);
    service.onStop('http server', () => app.close(), stopTimeoutMs);
    await requireDurableRedis({
      redis: app.get(redisConnection, { strict: false }),
      allowUnsafe: config.allowUnsafeRedis,
      logger,
      registry: service.metrics,
      patienceMs: redisPatienceMs,
      onRefused: service.fail,
    });
    const queue = app.get(QueueReader, { strict: false });
    addJobsGauge(() => queue.count(), service.metrics);
    await app.listen(config.http.port, config.http.host);
    const stopSaying = keepSayingListening(app.get(ProtectionBoard, { strict: false }), logger);
    service.onStop('sign of life', stopSaying, 1_000);
    const readiness = app.get(RedisReadiness, { strict: false });
    return { isReady: () => readiness.isReady() };
  },
});
