/** What may be done with a store now, said to people. Whether it is allowed, the domain decides. */
import { adviseOn } from '@urumi/shared/domain/advice';
import { isDataLost, isLeftLost } from '@urumi/shared/domain/loss';
import { isCancelAllowed, isRetryAllowed } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { AllowedView, PermissionView } from './dto/store-view.dto.ts';

const granted: PermissionView = { allowed: true, reason: null };
const deny = (reason: string): PermissionView => ({ allowed: false, reason });

export const deletedPermissions: AllowedView = {
  delete: deny('The store is deleted.'),
  retry: deny('The store is deleted.'),
  cancel: deny('The store is deleted.'),
  change: deny('The store is deleted.'),
};

export function toAllowedView(record: StoreRecord): AllowedView {
  return {
    delete: record.desired.intent === 'present' ? granted : deny('The store is being deleted already.'),
    retry: explainRetry(record),
    cancel: explainCancel(record),
    change: explainChange(record),
  };
}

/** True where retrying is allowed and may succeed without any other change. */
export function doesRetryHelp(record: StoreRecord): boolean {
  const { gaveUp, lastFailure } = record.attempt;
  return isRetryAllowed(record) && adviseOn(record.status.reason, (gaveUp ?? lastFailure)?.code ?? null).retryHelps;
}

export function explainRetry(record: StoreRecord): PermissionView {
  return isRetryAllowed(record) ? granted : deny(explainNoRetry(record));
}

export function explainCancel(record: StoreRecord): PermissionView {
  if (isCancelAllowed(record)) return granted;
  return deny(
    record.desired.intent === 'absent' ? 'A deletion cannot be stopped.' : 'Nothing is under way to be stopped.',
  );
}

/** A store may be changed in every state but two: what is going away, and what was lost and not asked for again. */
export function explainChange(record: StoreRecord): PermissionView {
  if (record.desired.intent === 'absent') return deny('The store is being deleted.');
  if (isLeftLost(record) || isDataLost(record)) return deny('The data of the store is gone. Recreate it first.');
  return granted;
}

function explainNoRetry({ status }: StoreRecord): string {
  switch (status.value) {
    case 'queued':
    case 'provisioning':
      return 'Urumi is still working on this store.';
    case 'ready':
      return status.settled
        ? 'The store is ready; there is nothing to retry.'
        : 'Urumi is still working on this store.';
    case 'deleting':
      return 'The store is being deleted.';
    case 'deleted':
      return 'The store is deleted.';
    case 'degraded':
    case 'failed':
      return 'The store cannot be retried now.';
  }
}
