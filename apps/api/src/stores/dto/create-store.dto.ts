/** The body of `POST /api/stores`. Shape only: what a good name is, the shared domain says. */
import { ApiProperty } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { nameLengthMax } from '@urumi/shared/domain/names';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { IsIn, IsOptional } from 'class-validator';
import { hostProperty, IsHostText } from './is-host-text.ts';
import { IsStoreName } from './is-store-name.ts';

export class CreateStoreBody {
  @ApiProperty({
    minLength: 1,
    maxLength: nameLengthMax,
    example: 'Harbour Coffee',
    description: 'Any script and case; no control characters.',
  })
  @IsStoreName()
  name: string;

  @ApiProperty({ enum: engineIds, enumName: 'EngineId' })
  @IsIn(engineIds)
  engine: EngineId;

  @ApiProperty({ enum: planIds, enumName: 'PlanId', required: false, default: 'S' })
  @IsOptional()
  @IsIn(planIds)
  plan?: PlanId;

  @ApiProperty({ ...hostProperty, description: `${hostProperty.description} Left out: one is made.` })
  @IsOptional()
  @IsHostText()
  host?: string;
}
