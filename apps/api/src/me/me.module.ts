/** Wires me. */
import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.ts';
import { MeController } from './me.controller.ts';
import { MeService } from './me.service.ts';

@Module({ imports: [RecordsModule], controllers: [MeController], providers: [MeService] })
export class MeModule {}
