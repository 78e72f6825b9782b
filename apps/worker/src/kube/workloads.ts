/**
 * Deletes what a store runs and stores, as its installer, just before the namespace itself goes. The namespace alone would
 * do, but slowly: its controller waits out the pods' grace between its rounds.
 */
import { toNamespaceName } from '@urumi/shared/k8s/names';
import { toInstallerUser } from './access.ts';
import { anyAnswer, metadataList, type KubeClient } from './client.ts';
import { KubeStatusError, toDomainFailure } from './classify-failure.ts';

/** In this order: what makes pods goes before the pods, else they come back. */
const kinds = [
  { group: 'apps/v1', resource: 'deployments' },
  { group: 'apps/v1', resource: 'statefulsets' },
  { group: 'batch/v1', resource: 'jobs' },
  { group: 'v1', resource: 'pods' },
  { group: 'v1', resource: 'persistentvolumeclaims' },
] as const;
type Kind = (typeof kinds)[number];

/** The data is going away too, so there is nothing to finish cleanly. */
const podGraceSeconds = 2;

export class Workloads {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** @returns how many objects were deleted. Safe to repeat. */
  async deleteAll(storeId: string, signal: AbortSignal): Promise<number> {
    let deleted = 0;
    try {
      for (const kind of kinds) {
        const names = await this.#list(storeId, kind, signal);
        await Promise.all(names.map((name) => this.#delete(storeId, kind, name, signal)));
        deleted += names.length;
      }
    } catch (error) {
      throw toDomainFailure(error, 'change');
    }
    return deleted;
  }

  async #list(storeId: string, kind: Kind, signal: AbortSignal): Promise<string[]> {
    const { items } = await this.#client.request({
      method: 'GET',
      path: toPath(storeId, kind),
      metadataOnly: 'list',
      asUser: toInstallerUser(storeId),
      answer: metadataList,
      signal,
    });
    return items.map(({ metadata }) => metadata.name);
  }

  async #delete(storeId: string, kind: Kind, name: string, signal: AbortSignal): Promise<void> {
    const grace = kind.resource === 'pods' ? { gracePeriodSeconds: podGraceSeconds } : {};
    try {
      await this.#client.request({
        method: 'DELETE',
        path: `${toPath(storeId, kind)}/${name}`,
        body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', ...grace },
        asUser: toInstallerUser(storeId),
        answer: anyAnswer,
        signal,
      });
    } catch (error) {
      if (!(error instanceof KubeStatusError) || error.status !== 404) throw error;
    }
  }
}

function toPath(storeId: string, { group, resource }: Kind): string {
  const root = group === 'v1' ? '/api/v1' : `/apis/${group}`;
  return `${root}/namespaces/${toNamespaceName(storeId)}/${resource}`;
}
