/** A store as people and programs see it. The presenter builds it from the record; no rule lives here. */
import { ApiProperty } from '@nestjs/swagger';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import type { ErrorCode } from '@urumi/shared/domain/errors';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { stepNames, stepStates, type StepName, type StepState } from '@urumi/shared/domain/steps';
import { statuses, type StatusValue } from '@urumi/shared/domain/store';
import { componentNames, reasons, type Component, type Reason } from '@urumi/shared/domain/verdict';

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

  @ApiProperty({ ...isoTimeOrNull, description: 'Null where it has not begun, or was done for an older wish.' })
  startedAt: string | null;

  @ApiProperty({ ...isoTimeOrNull, description: 'When it was done or failed.' })
  endedAt: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Milliseconds, once it is done.' })
  durationMs: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Milliseconds it usually takes: the median of past runs; null where too few are known.',
  })
  expectedMs: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Milliseconds past which it takes longer than usual: the 90th percentile of the same runs.',
  })
  slowMs: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Number of the try in which it ran, from 1; null where not known or where no try does it.',
  })
  attempt: number | null;
}

export class FailureView {
  @ApiProperty({ type: String, description: 'Stable code, such as helm.timed-out.' })
  code: ErrorCode;

  @ApiProperty()
  message: string;

  @ApiProperty({ description: 'What can be done about it, in whole sentences.' })
  advice: string;

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

  @ApiProperty({ description: 'What can be done about it, in whole sentences.' })
  advice: string;

  @ApiProperty({ description: 'True where a retry has a chance without any other change.' })
  retryHelps: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What an administrator of the cluster can run about it; null where no command helps.',
  })
  command: string | null;

  @ApiProperty({ ...isoTimeOrNull, description: 'When it was seen.' })
  at: string | null;
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

  @ApiProperty({ type: PermissionView, description: 'Stop what is under way.' })
  cancel: PermissionView;

  @ApiProperty({ type: PermissionView, description: 'Wish another size or address.' })
  change: PermissionView;
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

  @ApiProperty({ example: 'k7m2qpl4.localhost', description: 'Where the shop answers now.' })
  host: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Another host that is wished and not applied yet; null where there is none.',
  })
  wishedHost: string | null;

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

  @ApiProperty({
    type: [String],
    description:
      'What was noticed beside the status, a line each: edits by hand, an address that is not reachable from outside.',
  })
  notes: string[];

  @ApiProperty({ type: ExplanationView, nullable: true })
  explanation: ExplanationView | null;

  @ApiProperty({ ...isoTimeOrNull, description: 'Last change of the evidence.' })
  observedAt: string | null;

  @ApiProperty({
    ...isoTimeOrNull,
    description: 'Last proof that the shop serves, where the last full pass (Urumi-Last-Pass) did not prove it anew.',
  })
  provedAt: string | null;

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

  @ApiProperty({ type: 'integer', nullable: true, description: 'Number of the try, from 1, where one did it.' })
  attempt: number | null;

  @ApiProperty({ type: ExplanationView, nullable: true, description: 'Kept where something went wrong; bounded.' })
  explanation: ExplanationView | null;
}

export class TimelineView {
  @ApiProperty({ type: [TimelineEntryView] })
  entries: TimelineEntryView[];
}
