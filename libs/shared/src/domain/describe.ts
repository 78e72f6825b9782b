/** One plain line per event, for timeline and activity feed. Holds nothing secret and no raw tool output. */
import type { StoreEvent } from './events.ts';
import type { StoreRecord } from './store.ts';
import type { Reason } from './verdict.ts';

export function describeEvent(event: StoreEvent, record: StoreRecord): string {
  switch (event.type) {
    case 'StoreRequested':
      return `Requested with engine ${record.identity.engine}, size ${record.desired.plan}`;
    case 'RetryRequested':
      return event.recreate ? 'Retry requested, starting empty' : 'Retry requested';
    case 'ChangeRequested':
      return describeChange(event);
    case 'CancelRequested':
      return 'Stop requested';
    case 'DeletionRequested':
      return 'Deletion requested';
    case 'AttemptStarted':
      return record.attempt.startsUsed > 1 ? `Try ${record.attempt.startsUsed} began` : 'Work began';
    case 'StepBegan':
      return `Step: ${event.step}`;
    case 'NamespaceEnsured':
      return 'Namespace ready';
    case 'ReleaseApplied':
      return `Release applied (chart ${event.chartVersion})`;
    case 'TeardownStarted':
      return 'Teardown began';
    case 'AttemptFailed':
      return event.startGivenBack ? `Waiting: ${event.failure.message}` : `Try failed: ${event.failure.message}`;
    case 'GaveUp':
      return `Gave up: ${event.failure.message}`;
    case 'AttemptEnded':
      return 'Work ended';
    case 'HealthObserved':
      return describeReason(event.reason);
    case 'NamespaceLost':
      return describeReason('NamespaceLost');
    case 'DeadlinePassed':
      return describeReason('DeadlinePassed');
    case 'TeardownObserved':
      return describeReason(event.reason);
    case 'NamespaceGone':
      return 'Everything removed';
    case 'StoreFound':
      return event.terminating ? 'Found in the cluster, being removed' : 'Found in the cluster';
  }
}

function describeChange({ plan, host }: Extract<StoreEvent, { type: 'ChangeRequested' }>): string {
  const changes = [...(plan === undefined ? [] : [`size ${plan}`]), ...(host === undefined ? [] : [`address ${host}`])];
  return changes.length === 0 ? 'Change requested' : `Change requested: ${changes.join(', ')}`;
}

/** What was seen, as a person would say it. */
export function describeReason(reason: Reason): string {
  return reasonTexts[reason];
}

const reasonTexts: Readonly<Record<Reason, string>> = {
  AwaitingWorker: 'Waiting for a worker',
  AwaitingCluster: 'Waiting for the cluster',
  CreatesPaused: 'New stores of this kind wait: several fail alike',
  AwaitingNamespace: 'Reserving space',
  AwaitingRelease: 'Installing',
  AwaitingWorkloads: 'Database and shop are starting',
  AwaitingSetup: 'Adding products and settings',
  AwaitingPage: 'Checking the shop page',
  Retrying: 'Trying again',
  Healthy: 'The shop page shows products',
  Changing: 'A change is under way',
  ChangeFailed: 'A change failed; serving as before',
  WorkloadUnavailable: 'A part of the shop is not available',
  PageFailing: 'The shop page does not show products',
  ImagePullFailing: 'An image could not be fetched',
  Unschedulable: 'No node has room for a part of the shop',
  VolumePending: 'A volume is missing',
  QuotaExceeded: 'The quota forbids a part of the shop',
  CrashLooping: 'A part of the shop ends again and again',
  OutOfMemory: 'A part of the shop needs more memory than it may have',
  NodeLost: 'The node of a part of the shop does not answer',
  NetworkFailing: 'A part of the shop reaches nobody by the network',
  DatabaseRefused: 'The database refuses the password of the shop',
  VolumeFull: 'A volume of the shop is full',
  DataLost: 'The data of the shop is gone or was replaced',
  SetupFailed: 'Adding products and settings failed',
  DeadlinePassed: 'Took longer than the deadline',
  NamespaceLost: 'The namespace was removed outside Urumi',
  GaveUp: 'Gave up',
  Halted: 'Stopped on request',
  TearingDown: 'Removing everything',
  TeardownStalled: 'Removal takes longer than it should',
  NamespaceStuckTerminating: 'Something holds the removal up',
  Gone: 'Nothing is left',
};
