/** Wires activity. */
import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.ts';
import { ActivityController } from './activity.controller.ts';
import { ActivityService } from './activity.service.ts';

@Module({ imports: [RecordsModule], controllers: [ActivityController], providers: [ActivityService] })
export class ActivityModule {}
