/** The embedded cluster of one installation: its name and folder, ending what a dead run left of it, and forgetting it. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { down } from '@urumi/embedded/cluster/down';
import { resolveOptions, type NodeKind } from '@urumi/embedded/cluster/options';
import { buildPaths } from '@urumi/embedded/cluster/paths';
import { removeStateFolder } from '@urumi/embedded/cluster/state-folder';
import { findStateFolder, type Places } from './places.ts';

export interface ClusterHome {
  readonly places: Places;
  readonly storage: 'durable' | 'memory';
  readonly ingressPort: number;
  /** Real ones unless given. */
  readonly nodes?: NodeKind;
}

/** Installations side by side have clusters of different names; the one in the usual place has the plain one. */
export function toClusterName(places: Places): string {
  if (places.state === findStateFolder({ HOME: process.env['HOME'] })) return 'urumi';
  return `urumi-${createHash('sha256').update(places.state).digest('hex').slice(0, 8)}`;
}

export function toClusterRequest({ places, storage, ingressPort, nodes }: ClusterHome) {
  const name = toClusterName(places);
  const stateDir = storage === 'durable' ? join(places.state, 'clusters', name) : undefined;
  return { name, storage, stateDir, nodes, apiPort: 0, ingressPort };
}

export function toClusterFolder(home: ClusterHome): string {
  return resolveOptions(toClusterRequest(home)).stateDir;
}

/** True where an earlier run made a cluster that a new one will bring back. */
export function hasCluster(home: ClusterHome): boolean {
  return home.storage === 'durable' && existsSync(join(toClusterFolder(home), 'pki'));
}

/** Stops the cluster and clears what its run left; safe where there is none. */
export async function stopCluster(home: ClusterHome): Promise<void> {
  const { name, storage, stateDir } = toClusterRequest(home);
  await down({ name, storage, stateDir });
}

/**
 * Removes cluster and records. A mark tells the next start to finish the job where this one is interrupted: records
 * without their cluster, or a cluster without its records, would both mislead.
 */
export async function forgetEverything(home: ClusterHome): Promise<void> {
  await writeFile(home.places.forgetting, '');
  await removeStateFolder(buildPaths(toClusterName(home.places), toClusterFolder(home)));
  await rm(home.places.redisFolder, { recursive: true, force: true });
  await rm(home.places.forgetting);
}
