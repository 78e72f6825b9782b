/** Everything the watches know, put together: the facts of one store, and whether they can be trusted now. */
import type { DomainError } from '@urumi/shared/domain/errors';
import { toNamespaceName } from '@urumi/shared/k8s/names';
import type { ApiClient } from './api-client.ts';
import type { ClaimFacts, JobFacts, Kept, NamespaceFacts, PodFacts, WorkloadFacts } from './facts.ts';
import { Informer, type InformerState } from './informer.ts';
import { buildNamespaceKind, claims, deployments, jobs, pods, statefulSets, type Kind } from './kinds.ts';

/** What the caches hold of one store. */
export interface StoreFacts {
  readonly namespace: NamespaceFacts | null;
  readonly workloads: readonly WorkloadFacts[];
  readonly jobs: readonly JobFacts[];
  readonly pods: readonly PodFacts[];
  readonly claims: readonly ClaimFacts[];
}

export interface ClusterViewOptions {
  readonly client: ApiClient;
  readonly installationId: string;
  readonly relistMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (storeId: string) => void;
  readonly onState: (resource: string, state: InformerState, error: DomainError | null) => void;
  readonly onCorrection: (resource: string, differences: number) => void;
}

export class ClusterView {
  readonly #namespaces: Informer<NamespaceFacts>;
  readonly #deployments: Informer<WorkloadFacts>;
  readonly #statefulSets: Informer<WorkloadFacts>;
  readonly #jobs: Informer<JobFacts>;
  readonly #pods: Informer<PodFacts>;
  readonly #claims: Informer<ClaimFacts>;

  constructor(options: ClusterViewOptions) {
    const { client, relistMs, signal, onChange } = options;
    const watch = <T extends Kept>(kind: Kind<T>): Informer<T> =>
      new Informer({
        client,
        kind,
        relistMs,
        signal,
        onChange,
        onState: (state, error) => options.onState(kind.resource, state, error),
        onCorrection: (differences) => options.onCorrection(kind.resource, differences),
      });
    this.#namespaces = watch(buildNamespaceKind(options.installationId));
    this.#deployments = watch(deployments);
    this.#statefulSets = watch(statefulSets);
    this.#jobs = watch(jobs);
    this.#pods = watch(pods);
    this.#claims = watch(claims);
  }

  get informers() {
    return [this.#namespaces, this.#deployments, this.#statefulSets, this.#jobs, this.#pods, this.#claims];
  }

  /** Runs all watches until the signal aborts. */
  async run(): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.run()));
  }

  /** True since every cache was filled once. */
  get isSynced(): boolean {
    return this.informers.every(({ isSynced }) => isSynced);
  }

  /** True while every cache follows the cluster. Without that, nothing may be concluded from them. */
  get isFollowing(): boolean {
    return this.informers.every(({ state }) => state === 'following');
  }

  read(storeId: string): StoreFacts {
    const name = toNamespaceName(storeId);
    return {
      namespace: this.#namespaces.get('', name),
      workloads: [...this.#deployments.list(name), ...this.#statefulSets.list(name)],
      jobs: this.#jobs.list(name),
      pods: this.#pods.list(name),
      claims: this.#claims.list(name),
    };
  }

  /** Every namespace of this installation. */
  listNamespaces(): NamespaceFacts[] {
    return this.#namespaces.list('');
  }
}
