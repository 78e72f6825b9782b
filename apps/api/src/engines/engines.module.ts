/** Wires the engine catalogue. */
import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.ts';
import { EnginesController } from './engines.controller.ts';
import { EnginesService } from './engines.service.ts';

@Module({
  imports: [RecordsModule],
  controllers: [EnginesController],
  providers: [EnginesService],
  exports: [EnginesService],
})
export class EnginesModule {}
