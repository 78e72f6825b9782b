/**
 * Hands out binaries by name as they become available: starts the builds that are needed, in order, and lets each
 * caller wait for what it uses. So a cluster comes up while its ingress is still being built.
 */
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import type { NodeKind } from '../cluster/options.ts';
import { type BuildProgress, ensureBuilt } from './build.ts';
import { isBuilt, readGoVersion } from './cache.ts';
import { type BinaryGroup, groupsFor, type GroupName } from './catalog.ts';

export interface BinarySupply {
  /** The groups that have to be built now. */
  missing: readonly BinaryGroup[];
  /** Path of a binary, once its group is there. @throws what its build threw */
  path(group: GroupName, binary: string): Promise<string>;
}

/**
 * Starts supplying the binaries, one group after another.
 *
 * @param nodes  only what a cluster with these nodes needs; null: all
 * @param linkDir  a folder that gets a symbolic link by plain name for each binary as it appears
 */
export async function supplyBinaries(input: {
  nodes: NodeKind | null;
  linkDir: string | null;
  onProgress: (progress: BuildProgress) => void;
  signal: AbortSignal;
}): Promise<BinarySupply> {
  const goVersion = await readGoVersion(input.signal);
  const wanted = groupsFor(input.nodes);
  const missing = wanted.filter((group) => !isBuilt(group, goVersion));
  const folders = new Map<GroupName, Promise<string>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const group of wanted) {
    const request = { group, goVersion, onProgress: input.onProgress, signal: input.signal };
    const folder = before.then(async () => {
      const dir = await ensureBuilt(request);
      if (input.linkDir !== null) linkAll(group, dir, input.linkDir);
      return dir;
    });
    // A failed build is reported to whoever waits for it; the groups after it would fail alike.
    folder.catch(() => undefined);
    folders.set(group.name, folder);
    before = folder;
  }
  return {
    missing,
    async path(group, binary) {
      const folder = folders.get(group);
      if (folder === undefined) throw new Error(`no binaries are known by the name ${group}`);
      return join(await folder, binary);
    },
  };
}

function linkAll(group: BinaryGroup, dir: string, linkDir: string): void {
  mkdirSync(linkDir, { recursive: true });
  for (const name of Object.keys(group.packages)) {
    const link = join(linkDir, name);
    if (targetOf(link) === join(dir, name)) continue;
    rmSync(link, { force: true });
    symlinkSync(join(dir, name), link);
  }
}

function targetOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null; // no link yet
  }
}
