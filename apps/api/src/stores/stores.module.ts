/** Wires stores: routes, rules, and the record and queue they rest on. */
import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.ts';
import { QueuesModule } from '../queues/queues.module.ts';
import { RecordsModule } from '../records/records.module.ts';
import { StoresController } from './stores.controller.ts';
import { StepExpectation } from './step-expectation.ts';
import { StoresService } from './stores.service.ts';

@Module({
  imports: [RecordsModule, QueuesModule, EnginesModule],
  controllers: [StoresController],
  providers: [StoresService, StepExpectation],
})
export class StoresModule {}
