/**
 * What a person can do about a reason or a failure's code, and whether the same wish again has a chance. The one text that
 * API, dashboard, timeline and docs/failure-modes.md show. Exhaustive: a new code or reason without a row does not compile.
 */
import type { ErrorCode } from './errors.ts';
import type { Reason } from './verdict.ts';

export interface Advice {
  /** Whole plain sentences. */
  readonly advice: string;
  /** True where retrying may succeed without any other change. False also where it goes on by itself. */
  readonly retryHelps: boolean;
}

export function adviseOnReason(reason: Reason): Advice {
  return adviceOnReasons[reason];
}

export function adviseOnCode(code: ErrorCode): Advice {
  return adviceOnCodes[code];
}

/**
 * @param code  what the newest wish's last try failed with, `null` where none did
 * @returns the code's advice where the reason only says that tries failed, else the reason's
 */
export function adviseOn(reason: Reason, code: ErrorCode | null): Advice {
  const isByTry = reason === 'GaveUp' || reason === 'ChangeFailed' || reason === 'Retrying';
  return isByTry && code !== null ? adviseOnCode(code) : adviseOnReason(reason);
}

/**
 * @returns what an administrator of the cluster can run about it: it shows, asks, and does only what was agreed to; `null`
 *   where no command helps
 */
export function findCommand(reason: Reason, storeId: string): string | null {
  const isHeld = reason === 'TeardownStalled' || reason === 'NamespaceStuckTerminating';
  return isHeld ? `scripts/cleanup.sh ${storeId}` : null;
}

const waiting: Advice = { advice: 'Wait.', retryHelps: false };
const byItself: Advice = { advice: 'Nothing: it is tried again by itself.', retryHelps: false };
const fixRequest = (advice: string): Advice => ({ advice, retryHelps: false });
const later = (advice: string): Advice => ({ advice, retryHelps: true });
const operator = (advice: string): Advice => ({ advice, retryHelps: false });

const pauseAdvice =
  'Correct what the failing stores name. One waiting store tries now and then; the others follow once one is ready.';

const adviceOnCodes: Readonly<Record<ErrorCode, Advice>> = {
  'request.invalid': fixRequest('Correct the named fields.'),
  'request.too-large': fixRequest('Send less: a store needs a name, an engine and a size.'),
  'request.not-json': fixRequest('Send valid JSON.'),
  'request.route-unknown': fixRequest('See openapi.json for the paths there are.'),
  'auth.missing': fixRequest(
    'Send the token that start.sh printed; the state folder keeps it in the file admin-token.',
  ),
  'auth.unknown-token': fixRequest('Use a token of this installation.'),
  'auth.forbidden': fixRequest('Use the admin token, or ask who has it.'),
  'idempotency.key-reused': fixRequest('Use a new key for a new wish.'),
  'idempotency.key-invalid': fixRequest('Use 1 to 255 printable characters, for example a UUID.'),
  'store.name-invalid': fixRequest('Choose another name.'),
  'store.name-taken': fixRequest('Use the store of that name, delete it first, or choose another name.'),
  'store.host-taken': fixRequest('Choose another address.'),
  'store.host-invalid': fixRequest('Choose an address that fits the rule.'),
  'store.not-found': fixRequest('List your stores.'),
  'store.action-not-allowed': fixRequest('Wait, or do what the store allows now.'),
  'store.cancelled': later('Try again or delete the store.'),
  'store.data-lost': fixRequest('Recreate the store empty, or delete it.'),
  'store.starts-exhausted': later('Correct the cause that the worker log names, then try again.'),
  'engine.unknown': fixRequest('Use an engine of the list.'),
  'engine.unavailable': fixRequest('Do what the engine’s reason says; no restart is needed. Or use another engine.'),
  'quota.stores-exceeded': fixRequest('Delete a store or ask the operator for more.'),
  'rate.exceeded': fixRequest('Wait as long as Retry-After says.'),
  'creates.paused': operator(pauseAdvice),
  'redis.unavailable': operator('Bring Redis back. A request may be repeated safely with the same key.'),
  'redis.full': operator('Raise maxmemory and the limit of its pod, or delete stores.'),
  'records.rebuilding': operator('Wait. If it takes minutes, check that the reconciler reaches the cluster.'),
  'records.contended': byItself,
  'record.schema-newer': operator('Finish the rollout of the newer release.'),
  'lease.lost': byItself,
  'cluster.unreachable': operator('Bring the cluster’s API back. Stores wait without using up tries.'),
  'cluster.busy': byItself,
  'cluster.forbidden': operator('Install the platform chart of this release, then try again.'),
  'cluster.rejected': operator(
    'Correct what the message names: a policy of the cluster may forbid it. Then try again.',
  ),
  'namespace.foreign': operator('Rename or remove that namespace by hand, then try again. Urumi leaves it alone.'),
  'namespace.access-pending': later('Nothing: it takes a second and is tried again by itself.'),
  'helm.timed-out': later('Nothing: it is tried again by itself. If it stays, look at the load of the cluster.'),
  'helm.cancelled': byItself,
  'helm.release-pending': later('Nothing: the next try unlocks the release; data and secrets stay.'),
  'helm.values-rejected': operator('Correct the platform’s store values that the message names, then try again.'),
  'helm.object-rejected': operator('Correct what the message names, then try again.'),
  'helm.quota-exceeded': operator(
    'Raise the quota that the message names, or choose a smaller size. It goes on by itself.',
  ),
  'helm.ownership-conflict': operator('Remove or rename the named object, then try again.'),
  'helm.immutable-field': operator('Ask the operator: the named object must be made anew.'),
  'helm.release-changed': later('Nothing: it is applied again by itself. Leave releases to Urumi.'),
  'helm.unclassified': later('It is tried again by itself. If it stays, report the message.'),
  'worker.disk-full': operator('Free or enlarge the worker’s temporary folder. Stores wait without using up tries.'),
  'invariant.broken': operator('Report it with the request id: it is a bug in Urumi.'),
};

const adviceOnReasons: Readonly<Record<Reason, Advice>> = {
  AwaitingWorker: operator('Wait. If the queue is long or none runs, start more workers.'),
  AwaitingCluster: operator('Wait: it goes on by itself once the cluster answers.'),
  CreatesPaused: operator(pauseAdvice),
  AwaitingNamespace: waiting,
  AwaitingRelease: waiting,
  AwaitingWorkloads: waiting,
  AwaitingSetup: waiting,
  AwaitingPage: waiting,
  Retrying: { advice: 'Wait, or correct the cause of the last try.', retryHelps: false },
  Healthy: { advice: 'Nothing.', retryHelps: false },
  Changing: waiting,
  ChangeFailed: later('Try the change again, or leave it: the shop serves as before.'),
  WorkloadUnavailable: later('It often comes back by itself within minutes. If it does not, try again.'),
  PageFailing: later('Look at the logs of the part that serves the page. If it lasts, try again.'),
  ImagePullFailing: operator('Make the named image available. It goes on by itself.'),
  Unschedulable: operator('Free room on the nodes or add one. It starts by itself.'),
  VolumePending: operator('Check the storage class of the named claim. It goes on by itself.'),
  QuotaExceeded: operator('Choose a larger size, or raise the quota that the numbers name, then try again.'),
  CrashLooping: operator('Correct what the last log lines name. It is started again by itself.'),
  OutOfMemory: operator('Choose a larger size: the named container needs more memory than it may have.'),
  NodeLost: operator('Bring the node back or remove it from the cluster. The pod is then made again; data stays.'),
  NetworkFailing: operator('Check DNS and the network policies of the namespace. It goes on by itself.'),
  DatabaseRefused: operator(
    'Give the database’s user the password of the Secret store-database again. It goes on by itself; data stays.',
  ),
  VolumeFull: operator('Remove files or enlarge the claim. It goes on by itself; what is stored stays.'),
  DataLost: operator('Bring the old volume back, or delete the store. Nothing is filled anew over what is missing.'),
  SetupFailed: later('Correct the named cause, then try again: setup is safe to repeat and data stays.'),
  DeadlinePassed: later('Look at the part that is not ready, then try again.'),
  NamespaceLost: later('Recreate the store empty, or delete it.'),
  GaveUp: later('Do what the code of the last try says, then try again.'),
  Halted: later('Try again to go on, or delete the store.'),
  TearingDown: waiting,
  TeardownStalled: operator('Look at the named object. If it lasts, an administrator can run scripts/cleanup.sh.'),
  NamespaceStuckTerminating: operator(
    'Send the named object and finalizer to an administrator of the cluster, who decides and can run scripts/cleanup.sh.',
  ),
  Gone: { advice: 'Nothing.', retryHelps: false },
};
