/** Reads a release's state from the labels Helm puts on its Secrets (4.2.4), and names the labels we add to them. */
import { labels } from '@urumi/shared/k8s/labels';
import { releaseStatuses, type ReleaseRevision, type ReleaseStatus } from '../facts.ts';

interface SecretMetadata {
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** @returns the revision with the highest number; `null` where there is none */
export function findNewestRevision(secrets: readonly SecretMetadata[]): ReleaseRevision | null {
  let newest: ReleaseRevision | null = null;
  for (const secret of secrets) {
    const revision = toRevision(secret);
    if (revision !== null && (newest === null || revision.revision > newest.revision)) newest = revision;
  }
  return newest;
}

/** The argument of helm's `--labels`. A chart version may hold a `+`, a label may not. */
export function buildReleaseLabels(generation: number, chartVersion: string): string {
  return `${labels.releaseGeneration}=${generation},${labels.releaseChart}=${chartVersion.replaceAll('+', '_')}`;
}

function toRevision({ name, uid, labels: held }: SecretMetadata): ReleaseRevision | null {
  const revision = toNumber(held['version']);
  if (revision === null) return null;
  return {
    revision,
    status: toStatus(held['status']),
    generation: toNumber(held[labels.releaseGeneration]),
    chartVersion: held[labels.releaseChart] ?? null,
    secretName: name,
    secretUid: uid,
  };
}

function toNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function toStatus(text: string | undefined): ReleaseStatus {
  return releaseStatuses.find((status) => status === text) ?? 'unknown';
}
