/**
 * The cgroup of a cluster in every hierarchy this machine mounts: one for version 2, one per controller for version 1.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Mount, readMounts } from '../sweep/mounts.ts';

/** Roots of all cgroup hierarchies. */
function cgroupRoots(mounts: readonly Mount[] = readMounts()): string[] {
  const roots = mounts
    .filter((mount) => mount.type === 'cgroup' || mount.type === 'cgroup2')
    .map((mount) => mount.path);
  return [...new Set(roots)];
}

/** Makes the cgroup everywhere: the kubelet refuses a root that does not exist. */
export function makeCgroup(cgroup: string): void {
  for (const root of cgroupRoots()) mkdirSync(join(root, cgroup), { recursive: true });
}

/** Pids of all members of the cgroup and the groups below it. */
export function membersOf(cgroup: string): Set<number> {
  const pids = new Set<number>();
  for (const dir of foldersBelow(cgroup)) {
    for (const line of readMembers(join(dir, 'cgroup.procs'))) pids.add(line);
  }
  return pids;
}

/** Removes the cgroup and the groups below it. @returns the folders that could not go yet */
export function removeCgroup(cgroup: string): string[] {
  return foldersBelow(cgroup).filter((dir) => {
    try {
      rmdirSync(dir);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  });
}

/** Deepest first. */
function foldersBelow(cgroup: string): string[] {
  const found: string[] = [];
  const visit = (dir: string) => {
    let entries;
    try {
      entries = readdirSync(dir, { withFileTypes: true });
    } catch {
      return; // went away while we looked: nothing of it is left
    }
    for (const entry of entries) if (entry.isDirectory()) visit(join(dir, entry.name));
    found.push(dir);
  };
  for (const root of cgroupRoots()) if (existsSync(join(root, cgroup))) visit(join(root, cgroup));
  return found;
}

function readMembers(file: string): number[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return []; // the group went away, or is of a kind that lists threads only
  }
}
