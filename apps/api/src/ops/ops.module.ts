/** Wires the probes. */
import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.ts';
import { HealthController } from './health.controller.ts';
import { RedisReadiness } from './redis-readiness.ts';

@Module({ imports: [RecordsModule], controllers: [HealthController], providers: [RedisReadiness] })
export class OpsModule {}
