/** What converging needs: the attempt it runs in, and the adapters it acts through. */
import type { WorkerEvent } from '@urumi/shared/domain/events';
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import type { Guard, Helm } from '../helm/helm.ts';
import type { InstallationValues } from '../helm/values.ts';
import type { Access } from '../kube/access.ts';
import type { Namespaces } from '../kube/namespaces.ts';
import type { Releases } from '../kube/releases.ts';
import type { Workloads } from '../kube/workloads.ts';

/** The attempt as its actions see it. */
export interface AttemptContext {
  readonly storeId: string;
  readonly fence: number;
  /** Aborted with `AttemptStopped` when nothing more may be done. */
  readonly signal: AbortSignal;
  /** To be called before each change. @throws AttemptStopped */
  assertMayAct(): void;
  /** The record as it is now. `null`: the store is gone. */
  read(): Promise<StoreRecord | null>;
  /**
   * Records an event of this attempt, while its lease lives. An event that no longer applies is dropped: the next look at
   * the record says why.
   * @throws DomainError `lease.lost`, `records.rebuilding`, `redis.unavailable`
   */
  record(event: WorkerEvent): Promise<void>;
  /** A line for the queue board. No secret, no raw output. */
  note(line: string): void;
  /** A guard for one run of helm. */
  openGuard(): Guard;
}

export interface Adapters {
  readonly namespaces: Namespaces;
  readonly access: Access;
  readonly releases: Releases;
  readonly workloads: Workloads;
  readonly helm: Helm;
  readonly creates: Pick<CreatesPauses, 'admit'>;
  /** What is passed to every shop, as it is now. */
  readonly readInstallationValues: () => Promise<InstallationValues>;
}
