/** A program out of the embedded cluster's build, so that what runs in an image is what runs beside it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from '@urumi/embedded/binaries/build';
import { moduleDir, readGoVersion } from '@urumi/embedded/binaries/cache';
import {
  BINARY_GROUPS,
  BUILD_FLAGS,
  linkerFlags,
  type BinaryGroup,
  type GroupName,
} from '@urumi/embedded/binaries/catalog';
import type { ProgramLayer } from './recipes/types.ts';

/** What decides what a group's programs are: module files and flags. Needs no Go toolchain, as the cached layer does not. */
export function programKey(name: GroupName): string {
  const group = groupOf(name);
  const hash = createHash('sha256').update(JSON.stringify([group.packages, BUILD_FLAGS, linkerFlags(group)]));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(moduleDir(group), file)));
  return hash.digest('hex');
}

/** @throws Error when there is no Go toolchain, or with the end of the build's log */
export async function installProgram(
  layer: ProgramLayer,
  { root, signal }: { root: string; signal?: AbortSignal },
): Promise<void> {
  const group = groupOf(layer.group);
  const goVersion = await readGoVersion(signal);
  const built = await ensureBuilt({ group, goVersion, onProgress: () => undefined, signal });
  const target = join(root, layer.into);
  await mkdir(target, { recursive: true });
  for (const name of Object.keys(group.packages)) await copyFile(join(built, name), join(target, name));
}

function groupOf(name: GroupName): BinaryGroup {
  const group = BINARY_GROUPS.find((candidate) => candidate.name === name);
  if (group === undefined) throw new Error(`the embedded cluster builds nothing named ${name}`);
  return group;
}
