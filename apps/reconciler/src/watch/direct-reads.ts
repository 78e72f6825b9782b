/** Reads that must not come from a cache: absence, adoption, and evidence that is not watched. */
import { toNamespaceName } from '@urumi/shared/k8s/names';
import type { ApiClient } from './api-client.ts';
import {
  eventFacts,
  finalizedFacts,
  namespaceFacts,
  parseList,
  type EventFacts,
  type FinalizedFacts,
  type JobFacts,
  type Kept,
  type NamespaceFacts,
} from './facts.ts';
import { volumeFacts, type VolumeFacts } from './guard-facts.ts';
import { buildNamespaceKind, jobs, toPath, type Kind } from './kinds.ts';

const eventsMax = 100;
const logBytesMax = 64 * 1024;

export class DirectReads {
  readonly #client: ApiClient;
  readonly #installationId: string;

  constructor(client: ApiClient, installationId: string) {
    this.#client = client;
    this.#installationId = installationId;
  }

  /** The store's namespace if it is ours; `null` where there is none or it belongs to somebody else. */
  async readNamespace(storeId: string): Promise<NamespaceFacts | null> {
    const found = await this.#client.readJson(`/api/v1/namespaces/${toNamespaceName(storeId)}`);
    if (found === null) return null;
    const namespace = namespaceFacts.parse(found);
    return namespace.installation === this.#installationId ? namespace : null;
  }

  async listNamespaces(): Promise<NamespaceFacts[]> {
    return this.#listAll(buildNamespaceKind(this.#installationId));
  }

  async listJobs(storeId: string): Promise<JobFacts[]> {
    return this.#listAll(jobs, toNamespaceName(storeId));
  }

  /** Warnings of a store, in no order. */
  async listWarnings(storeId: string): Promise<EventFacts[]> {
    const path = `/api/v1/namespaces/${toNamespaceName(storeId)}/events`;
    return parseList(await this.#client.readJson(path, { fieldSelector: 'type=Warning', limit: eventsMax }), eventFacts)
      .items;
  }

  /** The end of a container's log; '' where it has none. */
  async readLog(
    storeId: string,
    pod: string,
    container: string,
    options: { lines: number; previous: boolean; sinceSeconds: number | null },
  ): Promise<string> {
    const path = `/api/v1/namespaces/${toNamespaceName(storeId)}/pods/${encodeURIComponent(pod)}/log`;
    const query = {
      container,
      tailLines: options.lines,
      limitBytes: logBytesMax,
      previous: String(options.previous),
      ...(options.sinceSeconds === null ? {} : { sinceSeconds: options.sinceSeconds }),
    };
    return (await this.#client.readText(path, query, logBytesMax)) ?? '';
  }

  /** Objects of a store that keep its namespace: those with finalizers, and pods, which end only when their node says so. @param root path of the resource's API group, as `/apis/apps/v1` */
  async listFinalized(storeId: string, root: string, resource: string): Promise<FinalizedFacts[]> {
    const answer = await this.#client.readJson(toPath({ root, resource }, toNamespaceName(storeId)), { limit: 50 });
    return answer === null
      ? []
      : parseList(answer, finalizedFacts).items.filter(
          ({ finalizers }) => finalizers.length > 0 || resource === 'pods',
        );
  }

  /** Every object of a kind in the store's namespace. */
  async listIn<T extends Kept>(kind: Kind<T>, storeId: string): Promise<T[]> {
    return this.#listAll(kind, toNamespaceName(storeId));
  }

  /** The volume of that name, `null` where there is none. */
  async readVolume(name: string): Promise<VolumeFacts | null> {
    const found = await this.#client.readJson(`/api/v1/persistentvolumes/${encodeURIComponent(name)}`);
    return found === null ? null : volumeFacts.parse(found);
  }

  async #listAll<T extends Kept>(kind: Kind<T>, namespace?: string): Promise<T[]> {
    const items: T[] = [];
    let next = '';
    do {
      const query = { labelSelector: kind.labelSelector, limit: 500, ...(next === '' ? {} : { continue: next }) };
      const page = parseList(await this.#client.readJson(toPath(kind, namespace), query), kind.schema);
      items.push(...page.items);
      next = page.next;
    } while (next !== '');
    return items;
  }
}
