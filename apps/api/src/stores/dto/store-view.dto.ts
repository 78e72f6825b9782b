/** A store as people and programs see it. The presenter builds it from the record; no rule lives here. */
import { ApiProperty } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import type { ErrorCode } from '@urumi/shared/domain/errors';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { statuses, type StatusValue } from '@urumi/shared/domain/store';
import { componentNames, reasons, type Component, type Reason } from '@urumi/shared/domain/verdict';

export const stepNames = ['namespace', 'release', 'database', 'storefront', 'setup', 'page'] as const;
export type StepName = (typeof stepNames)[number];
const stepStates = ['waiting', 'running', 'done', 'failed'] as const;
export type StepState = (typeof stepStates)[number];

const isoTime = { type: String, format: 'date-time' } as const;
const isoTimeOrNull = { ...isoTime, nullable: true } as const;

export class StatusView {
  @ApiProperty({ enum: statuses, enumName: 'StatusValue' })
  value: StatusValue;

  @ApiProperty({ enum: reasons, enumName: 'Reason' })
  reason: Reason;

  @ApiProperty(isoTime)
  since: string;

  @ApiProperty({ description: 'True when the newest wish is done or given up.' })
  settled: boolean;
}

export class StepView {
  @ApiProperty({ enum: stepNames, enumName: 'StepName' })
  name: StepName;

  @ApiProperty({ enum: stepStates, enumName: 'StepState' })
  state: StepState;

  @ApiProperty({ ...isoTimeOrNull, description: 'When the step came into this state, where known.' })
  at: string | null;
}

export class FailureView {
  @ApiProperty({ type: String, description: 'Stable code, such as helm.timed-out.' })
  code: ErrorCode;

  @ApiProperty()
  message: string;

  @ApiProperty(isoTime)
  at: string;
}

export class AttemptView {
  @ApiProperty({ type: 'integer' })
  startsUsed: number;

  @ApiProperty({ type: 'integer' })
  startsMax: number;

  @ApiProperty(isoTimeOrNull)
  nextTryAt: string | null;

  @ApiProperty({ type: FailureView, nullable: true })
  failure: FailureView | null;
}

export class ComponentView {
  @ApiProperty({ enum: componentNames, enumName: 'ComponentName' })
  name: Component['name'];

  @ApiProperty({ enum: ['missing', 'waiting', 'ready', 'failing'], enumName: 'ComponentState' })
  state: Component['state'];

  @ApiProperty()
  detail: string;
}

export class ExplanationView {
  @ApiProperty({ description: 'The failing object, such as Pod store-server-abc.' })
  object: string;

  @ApiProperty()
  message: string;

  @ApiProperty({ type: [String] })
  logLines: string[];

  @ApiProperty({ type: [String] })
  events: string[];
}

export class PermissionView {
  @ApiProperty()
  allowed: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, in a sentence.' })
  reason: string | null;
}

export class AllowedView {
  @ApiProperty({ type: PermissionView })
  delete: PermissionView;

  @ApiProperty({ type: PermissionView })
  retry: PermissionView;
}

export class StoreView {
  @ApiProperty({ example: 'k7m2qpl4' })
  id: string;

  @ApiProperty({ description: 'As typed, trimmed.' })
  name: string;

  @ApiProperty({ enum: engineIds, enumName: 'EngineId' })
  engine: EngineId;

  @ApiProperty({ enum: planIds, enumName: 'PlanId' })
  plan: PlanId;

  @ApiProperty({ type: 'integer', description: 'Number of the newest wish.' })
  generation: number;

  @ApiProperty(isoTime)
  createdAt: string;

  @ApiProperty({ example: 'k7m2qpl4.localhost' })
  host: string;

  @ApiProperty({ description: 'Address of the shop.' })
  url: string;

  @ApiProperty({ description: 'Where its owner signs in.' })
  adminUrl: string;

  @ApiProperty({ type: StatusView })
  status: StatusView;

  @ApiProperty({ type: [StepView], description: 'The way of the newest wish, in order; empty for a deleted store.' })
  steps: StepView[];

  @ApiProperty({ type: AttemptView })
  attempt: AttemptView;

  @ApiProperty({ type: [ComponentView] })
  components: ComponentView[];

  @ApiProperty({ type: ExplanationView, nullable: true })
  explanation: ExplanationView | null;

  @ApiProperty({ ...isoTimeOrNull, description: 'Last change of the evidence.' })
  observedAt: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: '1 is next; null where the store does not wait in line.',
  })
  queuePosition: number | null;

  @ApiProperty({ type: AllowedView })
  allowed: AllowedView;

  @ApiProperty({ description: 'True where a retry has a chance without any other change.' })
  retryHelps: boolean;

  @ApiProperty({ description: 'True once the shop has served its page.' })
  served: boolean;

  @ApiProperty(isoTimeOrNull)
  deletedAt: string | null;
}

export class StorePageView {
  @ApiProperty({ type: [StoreView], description: 'Newest first.' })
  items: StoreView[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class TimelineEntryView {
  @ApiProperty(isoTime)
  at: string;

  @ApiProperty({ description: 'The event, such as ReleaseApplied.' })
  type: string;

  @ApiProperty()
  text: string;
}

export class TimelineView {
  @ApiProperty({ type: [TimelineEntryView] })
  entries: TimelineEntryView[];
}
