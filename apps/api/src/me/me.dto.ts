/** Answer of `GET /api/me`: the caller, what is left of the quota, and how far the cluster is. */
import { ApiProperty } from '@nestjs/swagger';
import { roles, type Role } from '../auth/caller.ts';

export class QuotaView {
  @ApiProperty({ type: 'integer' })
  stores: number;

  @ApiProperty({ type: 'integer' })
  storesMax: number;
}

export class ClusterView {
  @ApiProperty({ description: 'True when the cluster takes stores.' })
  ready: boolean;

  @ApiProperty()
  step: string;

  @ApiProperty({ description: 'The step in words.' })
  label: string;

  @ApiProperty({ type: 'number', minimum: 0, maximum: 100 })
  percent: number;

  @ApiProperty({ type: Number, nullable: true })
  secondsLeft: number | null;
}

export class MeView {
  @ApiProperty()
  name: string;

  @ApiProperty()
  owner: string;

  @ApiProperty({ enum: roles, enumName: 'Role' })
  role: Role;

  @ApiProperty({ type: QuotaView })
  quota: QuotaView;

  @ApiProperty({ type: ClusterView })
  cluster: ClusterView;

  @ApiProperty({ description: 'Stores live at <id>.<baseDomain>.' })
  baseDomain: string;
}
