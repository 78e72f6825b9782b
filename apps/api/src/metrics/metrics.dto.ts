/** Answer of `GET /api/metrics`: the summary the dashboard shows. Prometheus reads another port. */
import { ApiProperty } from '@nestjs/swagger';
import { enforcements, type Enforcement } from '@urumi/shared/domain/protection';

export class StoreCountsView {
  @ApiProperty({ type: 'integer' })
  queued: number;

  @ApiProperty({ type: 'integer' })
  provisioning: number;

  @ApiProperty({ type: 'integer' })
  ready: number;

  @ApiProperty({ type: 'integer' })
  degraded: number;

  @ApiProperty({ type: 'integer' })
  failed: number;

  @ApiProperty({ type: 'integer' })
  deleting: number;
}

export class QueueCountsView {
  @ApiProperty({ type: 'integer' })
  waiting: number;

  @ApiProperty({ type: 'integer' })
  active: number;

  @ApiProperty({ type: 'integer' })
  delayed: number;

  @ApiProperty({ type: 'integer' })
  failed: number;
}

export class ProtectionView {
  @ApiProperty({
    enum: enforcements,
    enumName: 'Enforcement',
    description: 'Whether the admission policies refuse the worker what it must not do, by a try of each worker.',
  })
  admissionPolicies: Enforcement;

  @ApiProperty({
    enum: enforcements,
    enumName: 'Enforcement',
    description: 'Whether the network keeps a worker from what the network policies forbid; unknown outside a cluster.',
  })
  networkPolicies: Enforcement;
}

export class MetricsView {
  @ApiProperty({ type: StoreCountsView })
  stores: StoreCountsView;

  @ApiProperty({ type: QueueCountsView })
  queue: QueueCountsView;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Last full look of the reconciler at the cluster.',
  })
  lastPassAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Since when most shops fail their check alike, so that the way to all of them is at fault: no shop is judged by its page meanwhile. As of the last full look; null while the way is well.',
  })
  routeAtFaultSince: string | null;

  @ApiProperty({ type: ProtectionView })
  protection: ProtectionView;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Median from request to first page served, of the newest 100 stores.',
  })
  medianReadyMs: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'The 90th percentile of the same: past it a store takes longer than usual. Null where too few are known.',
  })
  slowReadyMs: number | null;
}
