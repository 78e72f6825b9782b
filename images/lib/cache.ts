/** Keeps the image cache from growing: results of older sources and work folders of builds that died. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The product's cache folder, as all its parts know it. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env.URUMI_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'urumi');
}

/** An empty folder for one piece of work, named after this process so that `dropDeadWork` knows when it is left over. */
export async function makeWorkFolder(cache: string): Promise<string> {
  return mkdtemp(join(cache, `work-${process.pid}-`));
}

/** Removes work folders of processes that are no more. One that cannot go now is left to the next build. */
export async function dropDeadWork(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /^work-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    // Another build may be removing it too, or the last child of the dead one still write there: ENOTEMPTY, EBUSY.
    await rm(join(cache, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Removes tars named `<name>-<key>.tar`, with the hash and lock beside them, but for `current` and the newest other:
 * that one may be in use by a run with older sources.
 */
export async function dropOldTars(folder: string, { name, current }: { name: string; current: string }): Promise<void> {
  const tars = (await readdir(folder)).filter((file) => nameOf(file) === name && join(folder, file) !== current);
  const dated = await Promise.all(tars.map(async (file) => ({ file, at: (await stat(join(folder, file))).mtimeMs })));
  const old = dated.toSorted((a, b) => b.at - a.at).slice(1);
  for (const { file } of old) {
    for (const part of [file, `${file}.sha256`, `${file}.lock`]) await rm(join(folder, part), { force: true });
  }
}

/** The name before the key, or undefined for anything but a finished tar. */
function nameOf(file: string): string | undefined {
  return /^(.+)-[0-9a-f]{16}\.tar$/.exec(file)?.[1];
}
