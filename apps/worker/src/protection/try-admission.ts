/** Tries, without making anything, what the admission policies must refuse to the worker. */
import { labels } from '@urumi/shared/k8s/labels';
import { toNamespaceName, workerNamespacesPolicy } from '@urumi/shared/k8s/names';
import type { Enforcement } from '@urumi/shared/domain/protection';
import { generateStoreId } from '@urumi/shared/domain/store-id';
import { anyAnswer, type KubeClient } from '../kube/client.ts';
import { KubeStatusError } from '../kube/classify-failure.ts';

/**
 * A shop's namespace without Pod Security, as a dry run: who may make one can run anything in it.
 * @throws DomainError `cluster.*`; the signal's reason where it is aborted
 */
export async function tryAdmission(
  client: KubeClient,
  installationId: string,
  signal: AbortSignal,
): Promise<{ readonly enforcement: Enforcement; readonly told: string }> {
  const id = generateStoreId();
  const metadata = {
    name: toNamespaceName(id),
    labels: { [labels.installation]: installationId, [labels.storeId]: id },
  };
  try {
    await client.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      query: { dryRun: 'All' },
      body: { apiVersion: 'v1', kind: 'Namespace', metadata },
      answer: anyAnswer,
      signal,
    });
    return { enforcement: 'missing', told: 'a namespace without Pod Security was accepted (a dry run)' };
  } catch (error) {
    if (!(error instanceof KubeStatusError)) throw error;
    // Its refusal names it, so that another's is not taken for ours.
    const isOurs =
      error.status === 403 && error.message.includes(`ValidatingAdmissionPolicy '${workerNamespacesPolicy}'`);
    return { enforcement: isOurs ? 'enforced' : 'unknown', told: error.message };
  }
}
