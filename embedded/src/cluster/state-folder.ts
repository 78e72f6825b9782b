/**
 * The mark that makes a folder the state of one cluster. Nothing is removed from a folder without it.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readJson, writeFileAtomic } from '../base/files.ts';
import { readMounts } from '../sweep/mounts.ts';
import { unmountAll } from '../sweep/unmount.ts';
import { OptionError, type ClusterOptions, type NodeKind } from './options.ts';
import type { ClusterPaths } from './paths.ts';

const LAYOUT = 1;

interface Mark {
  layout: number;
  name: string;
  /** Absent: real ones. */
  nodes?: NodeKind;
}

/** Takes the folder for this cluster. @throws OptionError when it belongs to another, or holds something else */
export function claimStateFolder(paths: ClusterPaths, options: ClusterOptions): void {
  const mark = readMark(paths);
  if (mark !== null) {
    if (mark.name !== options.name) {
      throw new OptionError(`${paths.stateDir} is the state of cluster "${mark.name}": choose another folder`);
    }
    if (mark.layout !== LAYOUT) {
      throw new OptionError(`${paths.stateDir} was written by another version: start with --fresh to begin anew`);
    }
    const nodes = mark.nodes ?? 'real';
    if (nodes !== options.nodes) {
      throw new OptionError(`${paths.stateDir} is of a cluster with ${nodes} nodes: add --nodes ${nodes}, or --fresh`);
    }
    return;
  }
  mkdirSync(paths.stateDir, { recursive: true });
  if (readdirSync(paths.stateDir).length > 0)
    throw new OptionError(`${paths.stateDir} is not empty and not the state of a cluster`);
  writeFileAtomic(
    markFile(paths),
    JSON.stringify({ layout: LAYOUT, name: options.name, nodes: options.nodes } satisfies Mark),
  );
}

/**
 * Removes a cluster's state, volumes included. Only after the cluster has stopped. Safe to repeat.
 *
 * What the cluster itself mounted below is unmounted first: a sweep that went by another folder has left it.
 *
 * @throws OptionError when the folder is not this cluster's, Error while something of somebody else is mounted below it
 */
export async function removeStateFolder(paths: ClusterPaths): Promise<void> {
  const { stateDir } = paths;
  if (!existsSync(stateDir)) return;
  const mark = readMark(paths);
  if (mark?.name !== paths.name) throw new OptionError(`${stateDir} is not the state of cluster "${paths.name}"`);
  await unmountAll(paths);
  const mounted = readMounts().find((mount) => mount.path.startsWith(`${stateDir}/`));
  if (mounted !== undefined) throw new Error(`${mounted.path} is still mounted: nothing was removed`);
  // The mark goes last: a removal that was cut short can be repeated.
  const rest = readdirSync(stateDir).filter((entry) => join(stateDir, entry) !== markFile(paths));
  for (const entry of rest) await rm(join(stateDir, entry), { recursive: true, force: true });
  await rm(markFile(paths), { force: true });
  // A disk of its own that is mounted there stays, empty.
  if (!readMounts().some((mount) => mount.path === stateDir)) await rm(stateDir, { recursive: true, force: true });
}

function readMark(paths: ClusterPaths): Mark | null {
  return readJson(markFile(paths)) as Mark | null;
}

function markFile(paths: ClusterPaths): string {
  return join(paths.stateDir, 'cluster.json');
}
