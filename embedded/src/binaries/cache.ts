/**
 * Where built binaries live and under which key: the same Go, the same go.mod and go.sum, the same flags, the same
 * folder. Nothing else decides whether a build is needed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from '../base/run-command.ts';
import { BUILD_ENVIRONMENT, BUILD_FLAGS, type BinaryGroup, linkerFlags } from './catalog.ts';

const GO_DIR = join(import.meta.dirname, '..', '..', 'go');
const GO_MINOR_MIN = 26;

export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['URUMI_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'urumi');
  return join(base, 'bin');
}

export function moduleDir(group: BinaryGroup): string {
  return join(GO_DIR, group.module);
}

/** A Go toolchain as it names itself. @throws Error when there is none, or one older than 1.26 */
export async function readGoVersion(signal?: AbortSignal): Promise<string> {
  let version: string;
  try {
    const { stdout } = await runCommand('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], {
      env: { ...BUILD_ENVIRONMENT },
      signal,
    });
    version = stdout.trim().split('\n').join('-');
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error('the Go toolchain is missing or broken: scripts/bootstrap.sh brings it', { cause: error });
  }
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1]);
  if (!(minor >= GO_MINOR_MIN)) throw new Error(`Go 1.${GO_MINOR_MIN} or newer is needed, ${version} is here`);
  return version;
}

/** The key of a group's build. */
export function buildKey(input: { goVersion: string; goMod: string; goSum: string; flags: readonly string[] }): string {
  const hash = createHash('sha256');
  for (const part of [input.goVersion, input.goMod, input.goSum, ...input.flags]) hash.update(`${part}\0`);
  return hash.digest('hex').slice(0, 12);
}

/** The folder of a group's binaries; it exists only when all of them are there. */
export function groupDir(group: BinaryGroup, goVersion: string): string {
  const key = buildKey({
    goVersion,
    goMod: readFileSync(join(moduleDir(group), 'go.mod'), 'utf8'),
    goSum: readFileSync(join(moduleDir(group), 'go.sum'), 'utf8'),
    flags: [...BUILD_FLAGS, linkerFlags(group), ...Object.entries(group.packages).flat()],
  });
  return join(cacheDir(), `${group.name}-${key}`);
}

export function isBuilt(group: BinaryGroup, goVersion: string): boolean {
  return existsSync(groupDir(group, goVersion));
}
