/**
 * Deletes the store: first what runs and what holds data, for speed, then the namespace with exactly this uid. The
 * namespace alone takes everything with it, so a failure of the first half costs time only.
 */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { Adapters, AttemptContext } from '../context.ts';

export async function deleteNamespace(
  { namespaces, workloads }: Adapters,
  attempt: AttemptContext,
  { uid, access }: { readonly uid: string; readonly access: boolean },
): Promise<void> {
  await attempt.record({ type: 'StepBegan', step: 'teardown' });
  if (access) {
    attempt.assertMayAct();
    await deleteWorkloads(workloads, attempt);
  }
  attempt.assertMayAct();
  await namespaces.delete(attempt.storeId, uid, attempt.signal);
  attempt.note('teardown: the namespace is being deleted');
}

async function deleteWorkloads(workloads: Adapters['workloads'], attempt: AttemptContext): Promise<void> {
  try {
    const count = await workloads.deleteAll(attempt.storeId, attempt.signal);
    attempt.note(`teardown: deleted ${count} workloads and claims`);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    // An attempt that was stopped looks the same from here. A cluster that is away will refuse the namespace too.
    attempt.assertMayAct();
    attempt.note(`teardown: workloads are left to the namespace: ${error.message}`);
  }
}
