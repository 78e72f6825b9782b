/** Makes the store's namespace, or brings its stamp and bindings up to date, until the installer may work in it. */
import type { StoreRecord } from '@urumi/shared/domain/store';
import { buildStamp } from '@urumi/shared/k8s/stamp';
import type { Adapters, AttemptContext } from '../context.ts';

export async function ensureNamespace(
  { namespaces, access }: Adapters,
  attempt: AttemptContext,
  { record, bindings }: { readonly record: StoreRecord; readonly bindings: boolean },
): Promise<void> {
  const { generation } = record.desired;
  await attempt.record({ type: 'StepBegan', step: 'namespace' });
  attempt.note('namespace: making it or bringing its stamp up to date');
  attempt.assertMayAct();
  const namespaceUid = await namespaces.ensure(buildStamp(record, attempt.fence), attempt.signal);
  if (bindings) {
    attempt.assertMayAct();
    await access.ensure(attempt.storeId, attempt.signal);
    attempt.note('namespace: the installer may work in it');
  }
  await attempt.record({ type: 'NamespaceEnsured', generation, namespaceUid });
}
