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

/**
 * The argument of helm's `--labels`. A chart version may hold a `+`, a label may not.
 * @param revision  the one that helm will make
 */
export function buildReleaseLabels(release: {
  readonly generation: number;
  readonly chartVersion: string;
  readonly revision: number;
}): string {
  const pairs = [
    [labels.releaseGeneration, String(release.generation)],
    [labels.releaseChart, release.chartVersion.replaceAll('+', '_')],
    [labels.releaseRevision, String(release.revision)],
  ];
  return pairs.map((pair) => pair.join('=')).join(',');
}

function toRevision({ name, uid, labels: held }: SecretMetadata): ReleaseRevision | null {
  const revision = toNumber(held['version']);
  if (revision === null) return null;
  const isOurs = toNumber(held[labels.releaseRevision]) === revision;
  return {
    revision,
    status: toStatus(held['status']),
    generation: isOurs ? toNumber(held[labels.releaseGeneration]) : null,
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
