/** Wires the summary of numbers. */
import { Module } from '@nestjs/common';
import { QueuesModule } from '../queues/queues.module.ts';
import { RecordsModule } from '../records/records.module.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsService } from './metrics.service.ts';

@Module({ imports: [RecordsModule, QueuesModule], controllers: [MetricsController], providers: [MetricsService] })
export class MetricsModule {}
