/**
 * Watches what guards and routes stores. Apart from {@link ClusterView}: whether a store is well must not hang on six more
 * watches; without them nothing is said about drift.
 */
import { toNamespaceName } from '@urumi/shared/k8s/names';
import type { ClusterViewOptions } from './cluster-view.ts';
import type { DirectReads } from './direct-reads.ts';
import type { Kept, NamespaceFacts } from './facts.ts';
import type { BindingFacts, GuardFacts, ManagedFacts, VolumeFacts } from './guard-facts.ts';
import { Informer } from './informer.ts';
import { bindings, ingresses, limitRanges, networkPolicies, quotas, services, volumes, type Kind } from './kinds.ts';

/** What keeps a store in its bounds. */
export interface SecurityFacts {
  readonly namespace: NamespaceFacts | null;
  readonly networkPolicies: readonly GuardFacts[];
  readonly quotas: readonly GuardFacts[];
  readonly limitRanges: readonly GuardFacts[];
  readonly bindings: readonly BindingFacts[];
}

/** What leads to a store. */
export interface RouteFacts {
  readonly services: readonly ManagedFacts[];
  readonly ingresses: readonly ManagedFacts[];
}

export class GuardView {
  readonly #networkPolicies: Informer<GuardFacts>;
  readonly #quotas: Informer<GuardFacts>;
  readonly #limitRanges: Informer<GuardFacts>;
  readonly #bindings: Informer<BindingFacts>;
  readonly #services: Informer<ManagedFacts>;
  readonly #ingresses: Informer<ManagedFacts>;
  readonly #volumes: Informer<VolumeFacts>;

  constructor(options: ClusterViewOptions) {
    const watch = <T extends Kept>(kind: Kind<T>): Informer<T> =>
      new Informer({
        client: options.client,
        kind,
        relistMs: options.relistMs,
        signal: options.signal,
        onChange: options.onChange,
        onState: (state, error) => options.onState(kind.resource, state, error),
        onCorrection: (differences) => options.onCorrection(kind.resource, differences),
      });
    this.#networkPolicies = watch(networkPolicies);
    this.#quotas = watch(quotas);
    this.#limitRanges = watch(limitRanges);
    this.#bindings = watch(bindings);
    this.#services = watch(services);
    this.#ingresses = watch(ingresses);
    this.#volumes = watch(volumes);
  }

  get informers() {
    const guards = [this.#networkPolicies, this.#quotas, this.#limitRanges, this.#bindings];
    return [...guards, this.#services, this.#ingresses, this.#volumes];
  }

  /** Runs all watches until the signal aborts. */
  async run(): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.run()));
  }

  /** True while every cache here follows the cluster. */
  get isFollowing(): boolean {
    return this.informers.every(({ isSynced, state }) => isSynced && state === 'following');
  }

  read(storeId: string, namespace: NamespaceFacts | null): SecurityFacts & RouteFacts {
    const name = toNamespaceName(storeId);
    return {
      namespace,
      networkPolicies: this.#networkPolicies.list(name),
      quotas: this.#quotas.list(name),
      limitRanges: this.#limitRanges.list(name),
      bindings: this.#bindings.list(name),
      services: this.#services.list(name),
      ingresses: this.#ingresses.list(name),
    };
  }

  /** Every volume that is or was made for a claim. */
  listVolumes(): VolumeFacts[] {
    return this.#volumes.list('');
  }
}

/** The same by direct reads: an edit or a loss is never told from a cache alone, which may lag behind a repair. */
export async function readSecurity(reads: DirectReads, storeId: string): Promise<SecurityFacts> {
  const [namespace, policies, quotaList, ranges, bindingList] = await Promise.all([
    reads.readNamespace(storeId),
    reads.listIn(networkPolicies, storeId),
    reads.listIn(quotas, storeId),
    reads.listIn(limitRanges, storeId),
    reads.listIn(bindings, storeId),
  ]);
  return { namespace, networkPolicies: policies, quotas: quotaList, limitRanges: ranges, bindings: bindingList };
}
