/** Builds the Nest application with everything around its routes, in the order requests meet it. Does not listen. */
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { Logger as NestLogger } from 'nestjs-pino';
import { AppModule } from './app.module.ts';
import { Gatekeeper } from './auth/gatekeeper.ts';
import type { ApiConfig } from './config.ts';
import { serveDashboard } from './dashboard/dashboard.ts';
import { toRequestFault } from './http/field-errors.ts';
import { forbidStoring, readJsonBody } from './http/json-body.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { assignRequestId } from './http/request-id.ts';
import { logRequests } from './http/request-log.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { boardPath, buildBoard } from './queues/board.ts';
import { storeQueue } from './queues/store-queue.ts';
import { redisConnection } from './records/records.module.ts';

export async function createApp(config: ApiConfig, logger: Logger): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, logger), {
    bodyParser: false,
    bufferLogs: true,
    return503OnClosing: true,
    forceCloseConnections: true,
  });
  app.useLogger(app.get(NestLogger));
  // Lists have tags of their own; hashing every other answer would be work for nothing.
  app.disable('etag');
  app.disable('x-powered-by');

  const problems = app.get(ProblemFilter);
  app.useGlobalFilters(problems);
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: toRequestFault,
    }),
  );

  app.use(logRequests(logger), assignRequestId);
  app.use(
    boardPath,
    buildBoard({
      queue: app.get(storeQueue, { strict: false }),
      redis: app.get(redisConnection, { strict: false }),
      gatekeeper: app.get(Gatekeeper),
      problems,
    }),
  );
  app.use(setSecurityHeaders());
  app.use('/api', forbidStoring, readJsonBody());
  if (config.dashboardDir !== null) app.use(serveDashboard(config.dashboardDir));
  return app;
}
