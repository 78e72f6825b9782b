/** The api as one module. What it needs from outside, configuration and logger, is handed in. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { LoggerModule } from 'nestjs-pino';
import { ActivityModule } from './activity/activity.module.ts';
import { Gatekeeper } from './auth/gatekeeper.ts';
import { TokenGuard } from './auth/token.guard.ts';
import { apiConfig, type ApiConfig } from './config.ts';
import { EnginesModule } from './engines/engines.module.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { MeModule } from './me/me.module.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { OpsModule } from './ops/ops.module.ts';
import { MemoryGuard } from './records/memory.guard.ts';
import { RecordsModule } from './records/records.module.ts';
import { PlansController } from './plans/plans.controller.ts';
import { StoresModule } from './stores/stores.module.ts';

@Module({})
export class AppModule {
  static with(config: ApiConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        {
          module: ConfigModule,
          global: true,
          providers: [{ provide: apiConfig, useValue: config }],
          exports: [apiConfig],
        },
        // Requests are logged by the middleware in create-app.ts; this only carries the logger to services and Nest.
        LoggerModule.forRoot({ pinoHttp: { logger, autoLogging: false }, useExisting: true }),
        RecordsModule,
        StoresModule,
        ActivityModule,
        MetricsModule,
        EnginesModule,
        MeModule,
        OpsModule,
      ],
      controllers: [PlansController],
      // In this order: a stranger learns nothing about the memory.
      providers: [
        Gatekeeper,
        ProblemFilter,
        { provide: APP_GUARD, useClass: TokenGuard },
        { provide: APP_GUARD, useClass: MemoryGuard },
      ],
    };
  }
}

/** Holds the configuration, for every module to inject. */
@Module({})
class ConfigModule {}
