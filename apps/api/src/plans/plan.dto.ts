/** Answer of `GET /api/plans`. */
import { ApiProperty } from '@nestjs/swagger';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';

export class FootprintView {
  @ApiProperty({ type: 'integer' })
  memoryMiB: number;

  @ApiProperty({ type: 'integer' })
  storageGiB: number;
}

export class FootprintsView {
  @ApiProperty({ type: FootprintView })
  woocommerce: FootprintView;

  @ApiProperty({ type: FootprintView })
  medusa: FootprintView;
}

export class PlanView {
  @ApiProperty({ enum: planIds, enumName: 'PlanId' })
  id: PlanId;

  @ApiProperty()
  title: string;

  @ApiProperty()
  summary: string;

  @ApiProperty({ type: FootprintsView, description: 'What one store of this size asks of the cluster, per engine.' })
  footprint: FootprintsView;
}

export class PlanListView {
  @ApiProperty({ type: [PlanView] })
  items: PlanView[];
}
