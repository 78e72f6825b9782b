/**
 * Installs or upgrades the store's release with the values of its newest wish, as the revision of that number. Waits for
 * nothing in the cluster.
 */
import type { StoreRecord } from '@urumi/shared/domain/store';
import { toNamespaceName } from '@urumi/shared/k8s/names';
import { buildStoreValues } from '../../helm/values.ts';
import { toInstallerUser } from '../../kube/access.ts';
import type { Adapters, AttemptContext } from '../context.ts';

export async function applyRelease(
  { helm, readInstallationValues }: Adapters,
  attempt: AttemptContext,
  { record, revision }: { readonly record: StoreRecord; readonly revision: number },
): Promise<void> {
  const { generation } = record.desired;
  await attempt.record({ type: 'StepBegan', step: 'release' });
  const chartVersion = await helm.readChartVersion();
  const values = buildStoreValues(await readInstallationValues(), record);
  attempt.note(`release: applying generation ${generation} with chart ${chartVersion}`);
  attempt.assertMayAct();
  const startedAt = performance.now();
  await helm.upgrade({
    namespace: toNamespaceName(attempt.storeId),
    asUser: toInstallerUser(attempt.storeId),
    generation,
    revision,
    chartVersion,
    values,
    guard: attempt.openGuard(),
    signal: attempt.signal,
  });
  attempt.note(`release: applied in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
}
