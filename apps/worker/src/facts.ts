/** What an attempt knows of the cluster when it plans: facts about one store's namespace and release. */
import type { Stamp } from '@urumi/shared/k8s/stamp';

export type NamespaceFact =
  | { readonly state: 'missing' }
  /** A namespace of that name that this installation did not make for this store. Never touched. */
  | { readonly state: 'foreign' }
  | {
      readonly state: 'ours';
      readonly uid: string;
      readonly terminating: boolean;
      /** `null` where the annotation is missing or unreadable. */
      readonly stamp: Stamp | null;
    };

export const releaseStatuses = [
  'deployed',
  'failed',
  'superseded',
  'uninstalled',
  'unknown',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

/** The newest of Helm's release Secrets, by its labels. */
export interface ReleaseRevision {
  readonly revision: number;
  readonly status: ReleaseStatus;
  /** Generation it was applied for; `null` on a release that somebody made by hand. */
  readonly generation: number | null;
  readonly chartVersion: string | null;
  readonly secretName: string;
  readonly secretUid: string;
}

export interface Facts {
  readonly namespace: NamespaceFact;
  /** True where an access review says that the installer may work in the namespace. */
  readonly access: boolean;
  /** `null`: no release, or not readable yet for want of access. */
  readonly release: ReleaseRevision | null;
}
