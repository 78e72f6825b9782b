/**
 * Brings image archives into the cluster's container runtime. There is no registry: what is not loaded cannot run.
 */
import { createHash } from 'node:crypto';

import { runCommand } from '../base/run-command.ts';
import type { ClusterPaths } from '../cluster/paths.ts';

const IMPORT_TIMEOUT_MS = 10 * 60_000;
const READ_TIMEOUT_MS = 2 * 60_000;

export interface LoadedImage {
  references: string[];
  /** Digest of the image's configuration: Kubernetes' image id. */
  id: string;
  /** False when exactly this image was there already. */
  isNew: boolean;
}

/**
 * Imports a docker archive (`manifest.json`, configuration, layers). Safe to repeat; an image that is there is skipped.
 *
 * @throws CommandError when the archive cannot be read or the runtime refuses it
 */
export async function loadImage(paths: ClusterPaths, tar: string, signal?: AbortSignal): Promise<LoadedImage> {
  const image = await readArchive(tar, signal);
  const known = parseImageList((await runCtr(paths, ['images', 'ls'], signal)).stdout);
  if (isLoaded(known, image)) return { ...image, isNew: false };
  await runCtr(paths, ['images', 'import', tar], signal);
  return { ...image, isNew: true };
}

/** Runs containerd's own client on this cluster's runtime, in the name space where Kubernetes keeps its things. */
export function runCtr(paths: ClusterPaths, args: string[], signal?: AbortSignal) {
  const client = ['--address', paths.containerdSocket, '--namespace', 'k8s.io'];
  return runCommand('ctr', [...client, ...args], { timeoutMs: IMPORT_TIMEOUT_MS, signal });
}

/** Name to digest of the image's manifest, from `ctr images ls`. */
export function parseImageList(text: string): Map<string, string> {
  const rows = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return new Map(rows.flatMap(([name, , digest]) => (name && digest ? [[name, digest] as const] : [])));
}

/** The runtime lists an image by its tags and by the digest of its configuration; all must point at one manifest. */
export function isLoaded(known: ReadonlyMap<string, string>, image: { references: string[]; id: string }): boolean {
  const manifest = known.get(image.id);
  return manifest !== undefined && image.references.every((reference) => known.get(reference) === manifest);
}

async function readArchive(tar: string, signal?: AbortSignal): Promise<{ references: string[]; id: string }> {
  const read = async (member: string) =>
    (await runCommand('tar', ['-xOf', tar, member], { timeoutMs: READ_TIMEOUT_MS, signal })).stdout;
  const [entry] = JSON.parse(await read('manifest.json')) as { Config: string; RepoTags: string[] | null }[];
  if (entry === undefined) throw new Error(`${tar} holds no image`);
  const config = await read(entry.Config);
  return {
    references: entry.RepoTags ?? [],
    id: `sha256:${createHash('sha256').update(config).digest('hex')}`,
  };
}
