/**
 * Helm's release Secrets of a store, by metadata alone and as the installer: their content repeats every secret of the
 * shop and never enters this process.
 */
import { releaseName, toNamespaceName } from '@urumi/shared/k8s/names';
import type { ReleaseRevision } from '../facts.ts';
import { findNewestRevision } from '../helm/release-state.ts';
import { toInstallerUser } from './access.ts';
import { anyAnswer, metadataList, type KubeClient } from './client.ts';
import { KubeStatusError, toDomainFailure } from './classify-failure.ts';

export class Releases {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** @returns the newest revision of the store's release, `null` without one */
  async readNewest(storeId: string, signal: AbortSignal): Promise<ReleaseRevision | null> {
    try {
      const { items } = await this.#client.request({
        method: 'GET',
        path: toPath(storeId),
        query: { labelSelector: `owner=helm,name=${releaseName}` },
        metadataOnly: 'list',
        asUser: toInstallerUser(storeId),
        answer: metadataList,
        signal,
      });
      return findNewestRevision(items.map(({ metadata }) => metadata));
    } catch (error) {
      throw toDomainFailure(error, 'read');
    }
  }

  /**
   * Drops one revision's Secret, exactly the one with this uid. The objects of the release stay.
   *
   * Safe to repeat: a Secret that is gone or was replaced is left as it is.
   */
  async drop(storeId: string, { secretName, secretUid }: ReleaseRevision, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.request({
        method: 'DELETE',
        path: `${toPath(storeId)}/${secretName}`,
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: secretUid } },
        asUser: toInstallerUser(storeId),
        answer: anyAnswer,
        signal,
      });
    } catch (error) {
      const settled = error instanceof KubeStatusError && (error.status === 404 || error.status === 409);
      if (!settled) throw toDomainFailure(error, 'change');
    }
  }
}

function toPath(storeId: string): string {
  return `/api/v1/namespaces/${toNamespaceName(storeId)}/secrets`;
}
