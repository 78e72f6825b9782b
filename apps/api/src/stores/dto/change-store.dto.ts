/** The body of `PATCH /api/stores/:id`: what shall be different. Shape only; what a good address is, the shared domain says. */
import { ApiProperty } from '@nestjs/swagger';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { IsIn, IsOptional } from 'class-validator';
import { hostProperty, IsHostText } from './is-host-text.ts';

export class ChangeStoreBody {
  @ApiProperty({ enum: planIds, enumName: 'PlanId', required: false })
  @IsOptional()
  @IsIn(planIds)
  plan?: PlanId;

  @ApiProperty(hostProperty)
  @IsOptional()
  @IsHostText()
  host?: string;
}
