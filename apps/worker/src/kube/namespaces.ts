/**
 * Namespaces of stores: read, made with their stamp and pod security, deleted by uid. A namespace that does not carry our
 * installation's label, this store's id and (where stamped) this store's owner is foreign and never touched.
 */
import { z } from 'zod';
import { DomainError } from '@urumi/shared/domain/errors';
import type { Identity } from '@urumi/shared/domain/store';
import { annotations, labels, podSecurityLabels } from '@urumi/shared/k8s/labels';
import { toNamespaceName } from '@urumi/shared/k8s/names';
import { isNewerStamp, parseStamp, serializeStamp, stampSchemaNumber, type Stamp } from '@urumi/shared/k8s/stamp';
import type { NamespaceFact } from '../facts.ts';
import { anyAnswer, type KubeClient } from './client.ts';
import { KubeStatusError, toDomainFailure } from './classify-failure.ts';

const namespaceSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    resourceVersion: z.string(),
    deletionTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
type NamespaceObject = z.infer<typeof namespaceSchema>;

/** Rounds of compare-and-set on one namespace: other writers of it are rare. */
const roundsMax = 5;

export class Namespaces {
  readonly #client: KubeClient;
  readonly #installationId: string;

  constructor(client: KubeClient, installationId: string) {
    this.#client = client;
    this.#installationId = installationId;
  }

  /** @throws DomainError `cluster.*`; `record.schema-newer` where the stamp is of a newer release of this software */
  async read(identity: Identity, signal: AbortSignal): Promise<NamespaceFact> {
    const found = await this.#get(identity.id, signal);
    return found === null ? { state: 'missing' } : this.#toFact(found, identity);
  }

  /**
   * Makes the namespace or brings labels and stamp up to date; generation and fence of a stamp never fall.
   * @returns uid of the namespace
   * @throws DomainError `namespace.foreign`, `cluster.busy` (terminating, or a newer stamp: look again), `cluster.*`
   *
   * Safe to repeat.
   */
  async ensure(stamp: Stamp, signal: AbortSignal): Promise<string> {
    for (let round = 0; round < roundsMax; round += 1) {
      const found = await this.#get(stamp.identity.id, signal);
      try {
        return found === null ? await this.#create(stamp, signal) : await this.#update(found, stamp, signal);
      } catch (error) {
        // Made or changed by another since the look: look again.
        if (!(error instanceof KubeStatusError) || error.status !== 409) throw toDomainFailure(error, 'change');
      }
    }
    throw new DomainError('cluster.busy', {}, { message: 'The namespace keeps being changed by others' });
  }

  /** Deletes exactly the namespace with this uid; one that is gone or was replaced is left as it is. */
  async delete(storeId: string, uid: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.request({
        method: 'DELETE',
        path: toPath(storeId),
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
        answer: anyAnswer,
        signal,
      });
    } catch (error) {
      const otherUid = error instanceof KubeStatusError && error.status === 409;
      const gone = error instanceof KubeStatusError && error.status === 404;
      if (!otherUid && !gone) throw toDomainFailure(error, 'change');
    }
  }

  async #get(storeId: string, signal: AbortSignal): Promise<NamespaceObject | null> {
    try {
      return await this.#client.request({ method: 'GET', path: toPath(storeId), answer: namespaceSchema, signal });
    } catch (error) {
      if (error instanceof KubeStatusError && error.status === 404) return null;
      throw toDomainFailure(error, 'read');
    }
  }

  #toFact({ metadata }: NamespaceObject, identity: Identity): NamespaceFact {
    const foreign =
      metadata.labels[labels.installation] !== this.#installationId || metadata.labels[labels.storeId] !== identity.id;
    if (foreign) return { state: 'foreign' };
    const text = metadata.annotations[annotations.wish];
    const stamp = parseStamp(text);
    if (stamp === null && isOfNewerSchema(text)) throw new DomainError('record.schema-newer');
    if (stamp !== null && (stamp.identity.id !== identity.id || stamp.identity.owner !== identity.owner)) {
      return { state: 'foreign' };
    }
    return { state: 'ours', uid: metadata.uid, terminating: Boolean(metadata.deletionTimestamp), stamp };
  }

  async #create(stamp: Stamp, signal: AbortSignal): Promise<string> {
    const made = await this.#client.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: toNamespaceName(stamp.identity.id), ...this.#buildMarks(stamp) },
      },
      answer: namespaceSchema,
      signal,
    });
    return made.metadata.uid;
  }

  async #update(found: NamespaceObject, stamp: Stamp, signal: AbortSignal): Promise<string> {
    const fact = this.#toFact(found, stamp.identity);
    if (fact.state !== 'ours') throw new DomainError('namespace.foreign');
    if (fact.terminating || (fact.stamp !== null && isNewerStamp(fact.stamp, stamp))) {
      throw new DomainError('cluster.busy', {}, { message: 'The namespace changed meanwhile' });
    }
    const updated = await this.#client.request({
      method: 'PATCH',
      path: toPath(stamp.identity.id),
      body: { metadata: { resourceVersion: found.metadata.resourceVersion, ...this.#buildMarks(stamp) } },
      answer: namespaceSchema,
      signal,
    });
    return updated.metadata.uid;
  }

  #buildMarks(stamp: Stamp) {
    return {
      labels: {
        [labels.installation]: this.#installationId,
        [labels.storeId]: stamp.identity.id,
        ...podSecurityLabels,
      },
      annotations: { [annotations.wish]: serializeStamp(stamp) },
    };
  }
}

function toPath(storeId: string): string {
  return `/api/v1/namespaces/${toNamespaceName(storeId)}`;
}

const versionSchema = z.object({ v: z.number() });

/** A stamp this process cannot read because a newer release wrote it must not be overwritten. */
function isOfNewerSchema(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    const parsed = versionSchema.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.v > stampSchemaNumber;
  } catch {
    return false; // Not JSON: damaged, not newer.
  }
}
