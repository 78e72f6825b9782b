/**
 * Builds one group of binaries with the Go toolchain into its keyed folder. Owns the lock that keeps two callers from
 * building at once, the log, and the count that progress is made of.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readJson, writeFileAtomic } from '../base/files.ts';
import { takeLock } from '../base/lock.ts';
import { messageOf, sleep } from '../base/wait.ts';
import { cacheDir, groupDir, moduleDir } from './cache.ts';
import { BUILD_FLAGS, type BinaryGroup, linkerFlags } from './catalog.ts';
import { runGo } from './go-command.ts';

const LIST_TIMEOUT_MS = 20 * 60_000; // the first list of a module downloads its sources
const BUILD_TIMEOUT_MS = 60 * 60_000;
/** Linking one binary takes about as long as compiling this many packages. */
const PACKAGES_PER_LINK = 25;

export interface BuildProgress {
  group: string;
  /** Packages compiled and to compile; a link counts as some packages. */
  done: number;
  total: number;
}

interface BuildRequest {
  group: BinaryGroup;
  goVersion: string;
  onProgress: (progress: BuildProgress) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes sure a group's binaries are in the cache.
 *
 * Safe to repeat, to abort and to call from several processes: one builds, the others wait and pass its progress on.
 *
 * @returns the folder that holds the binaries
 * @throws Error with the end of the build log when the build fails
 */
export async function ensureBuilt(request: BuildRequest): Promise<string> {
  const { group, goVersion, signal } = request;
  const dir = groupDir(group, goVersion);
  if (existsSync(dir)) return dir;
  await mkdir(cacheDir(), { recursive: true });

  const relaying = new AbortController();
  const relay = relayProgress(request, AbortSignal.any([relaying.signal, ...(signal === undefined ? [] : [signal])]));
  const lock = await takeLock(join(cacheDir(), 'build.lock'), signal).finally(() => relaying.abort());
  try {
    await relay;
    if (!existsSync(dir)) await build(request, dir);
    else request.onProgress({ group: group.name, done: 1, total: 1 });
    return dir;
  } finally {
    await lock.release();
  }
}

async function build(request: BuildRequest, dir: string): Promise<void> {
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  // Ours alone while we hold the lock; what a killed build left there goes now.
  const workDir = join(cacheDir(), 'work');
  await rm(workDir, { recursive: true, force: true });
  await mkdir(workDir);
  try {
    await buildInto(request, { partial, workDir });
    await rename(partial, dir);
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(workDir, { recursive: true, force: true });
    await rm(progressFile(), { force: true });
  }
}

async function buildInto(request: BuildRequest, dirs: { partial: string; workDir: string }): Promise<void> {
  const { group, signal } = request;
  const { partial, workDir } = dirs;
  const packages = Object.entries(group.packages);
  const total = (await countStalePackages(request, workDir)) + packages.length * PACKAGES_PER_LINK;
  let done = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  const report = () => {
    request.onProgress({ group: group.name, done, total });
    if (performance.now() - reportedAt < 1_000) return;
    reportedAt = performance.now();
    writeFileAtomic(progressFile(), JSON.stringify({ group: group.name, done, total }));
  };
  report();

  const logFile = join(cacheDir(), `${group.name}.log`);
  const { output, paths } = targetOf(group);
  const args = ['build', '-v', ...BUILD_FLAGS, '-ldflags', linkerFlags(group), '-o', join(partial, output), ...paths];
  await runBuild({ args, cwd: moduleDir(group), workDir, logFile, signal }, () => {
    done = Math.min(done + 1, total - packages.length * PACKAGES_PER_LINK);
    report();
  });
  request.onProgress({ group: group.name, done: total, total });
}

/** Several mains of one module are one call, which compiles their common packages once and puts all into a folder. */
function targetOf(group: BinaryGroup): { output: string; paths: string[] } {
  const entries = Object.entries(group.packages);
  const [only, ...others] = entries;
  const paths = entries.map(([, path]) => path);
  // In a folder a package's last element names its binary; a single one may have another name (etcd's would be "v3").
  return only !== undefined && others.length === 0 ? { output: only[0], paths } : { output: '.', paths };
}

/** How many packages `go build` would compile now: those whose results are not in Go's build cache. */
async function countStalePackages({ group, signal }: BuildRequest, workDir: string): Promise<number> {
  const flags = ['list', ...BUILD_FLAGS, '-ldflags', linkerFlags(group), '-deps', '-f', '{{if .Stale}}.{{end}}'];
  const args = [...flags, ...Object.values(group.packages)];
  const output = await runGo(args, { cwd: moduleDir(group), workDir, timeoutMs: LIST_TIMEOUT_MS, signal });
  return output.split('\n').filter((line) => line !== '').length;
}

/** `go build -v` names each package as it is compiled, one a line. */
async function runBuild(
  input: { args: string[]; cwd: string; workDir: string; logFile: string; signal: AbortSignal | undefined },
  onPackage: () => void,
): Promise<void> {
  const { args, cwd, workDir, logFile, signal } = input;
  const log = createWriteStream(logFile);
  const onLine = (line: string) => {
    log.write(`${line}\n`);
    if (!line.startsWith('#') && !line.startsWith('go: ') && !line.includes(' ')) onPackage();
  };
  try {
    await runGo(args, { cwd, workDir, timeoutMs: BUILD_TIMEOUT_MS, signal, onLine });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`${messageOf(error)}\nlog: ${logFile}`, { cause: error });
  } finally {
    await new Promise<void>((resolve) => log.end(resolve));
  }
}

function progressFile(): string {
  return join(cacheDir(), 'progress.json');
}

/** While another process builds, its progress is ours. Ends when `signal` aborts. */
async function relayProgress(request: BuildRequest, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(1_000, signal).catch(() => undefined); // aborted: the loop's condition ends it
    const seen = readJson(progressFile()) as BuildProgress | null;
    if (!signal.aborted && seen?.group === request.group.name) request.onProgress(seen);
  }
}
