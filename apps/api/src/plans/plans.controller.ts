/** The sizes a store can have. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { engines } from '@urumi/shared/domain/engines/catalog';
import { planIds, plans } from '@urumi/shared/domain/plans';
import { ApiProblems } from '../http/api-problems.decorator.ts';
import { PlanListView } from './plan.dto.ts';

const planList: PlanListView = {
  items: planIds.map((id) => ({
    ...plans[id],
    footprint: { woocommerce: engines.woocommerce.footprint[id], medusa: engines.medusa.footprint[id] },
  })),
};

@ApiTags('catalogue')
@ApiProblems()
@Controller('api/plans')
export class PlansController {
  @ApiOperation({ summary: 'Lists the sizes with what one store of each asks of the cluster.' })
  @Get()
  @ApiOkResponse({ type: PlanListView })
  listPlans(): PlanListView {
    return planList;
  }
}
