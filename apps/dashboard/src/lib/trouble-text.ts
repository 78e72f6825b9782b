/**
 * What a trouble means for the shop and what to do about it. Exhaustive per reason; `null` where there is nothing to do.
 * The headline of the cause comes from `status-view.ts`.
 */
import type { Reason } from '@urumi/shared/domain/verdict';
import type { StoreView } from '../api/generated/types.gen.ts';
import { errorTexts, isErrorCode } from './error-text.ts';

type TroubleFacts = Pick<StoreView, 'status' | 'attempt' | 'served'>;

/** Is the shop reachable, is the data safe. */
export function tellMeaning({ status, served }: TroubleFacts): string {
  if (status.reason === 'NamespaceLost') return 'The shop is not reachable. Its orders, products and files are gone.';
  switch (status.value) {
    case 'ready':
      return 'The shop is reachable and serves as before. Nothing is lost.';
    case 'degraded':
      return 'Visitors may see errors. Nothing was deleted; orders and files stay where they are.';
    case 'failed':
      return served
        ? 'The shop is not reachable. Nothing was deleted; orders and files stay where they are.'
        : 'The shop has not opened yet, so there are no orders to lose.';
    case 'queued':
    case 'provisioning':
      return served
        ? 'The shop is not reachable while this lasts. Nothing was deleted.'
        : 'The shop has not opened yet, so there are no orders to lose. Urumi goes on trying until 15 min are over.';
    case 'deleting':
    case 'deleted':
      return 'The shop is not reachable any more. What is held still takes up space in the cluster.';
  }
}

/** The next step in words; a try that failed is told by its code, everything else by its reason. */
export function tellAdvice({ status, attempt }: TroubleFacts): string | null {
  const code = attempt.failure?.code;
  const byTry = status.reason === 'GaveUp' || status.reason === 'Retrying' || status.reason === 'ChangeFailed';
  if (byTry && code !== undefined && isErrorCode(code)) return errorTexts[code].sentence({});
  return advice[status.reason];
}

export const advice: Readonly<Record<Reason, string | null>> = {
  AwaitingWorker: null,
  AwaitingCluster: null,
  AwaitingNamespace: null,
  AwaitingRelease: null,
  AwaitingWorkloads: null,
  AwaitingSetup: null,
  AwaitingPage: null,
  Retrying: 'Urumi tries again by itself; nothing to do.',
  Healthy: null,
  Changing: null,
  ChangeFailed: 'Retry the change, or leave it: the shop goes on as before.',
  WorkloadUnavailable: 'It often comes back by itself within minutes. If it does not, retry.',
  PageFailing: 'Open the shop to see what visitors see. If it lasts, retry.',
  ImagePullFailing: 'Ask your operator to make the image available. Then it goes on by itself, or with a retry.',
  Unschedulable:
    'It starts when a node has room. Delete stores you no longer need, or ask your operator for more room.',
  VolumePending: 'Ask your operator to check the storage of the cluster. It goes on as soon as there is a volume.',
  QuotaExceeded: 'Ask your operator to raise the limits of this size, then retry.',
  CrashLooping: 'Read its last lines below. When the cause is gone, retry.',
  OutOfMemory: 'Ask your operator for a larger size of this store: it needs more memory.',
  NodeLost: 'It comes back when the node does. If it lasts, send the details to your operator; data stays.',
  NetworkFailing: 'Ask your operator to check name service and network of the cluster. It goes on by itself.',
  DatabaseRefused:
    'The password was changed in one place only. Ask your operator to bring both together; it goes on by itself, data stays.',
  VolumeFull: 'Ask your operator for a larger volume, or remove files. It goes on by itself; what is stored stays.',
  DataLost: 'Urumi left everything as it is. Ask your operator to bring the old volume back, or delete the store.',
  SetupFailed: 'Read its last lines below, then retry: settings and products are applied again, data stays.',
  DeadlinePassed: 'Retry. If it happens again, send the details to your operator.',
  NamespaceLost: 'Recreate the store empty, or delete it.',
  GaveUp: 'Retry. If it happens again, send the details to your operator.',
  Halted: 'Retry to go on, or delete it.',
  TearingDown: null,
  TeardownStalled:
    'It goes on by itself when the object below is free. If it lasts, send the details to an administrator of the cluster.',
  NamespaceStuckTerminating:
    'Send the details to an administrator of the cluster: they name what holds it and the command that frees it.',
  Gone: null,
};
