/**
 * The worker's folder for temporary files: helm's caches and, in a pod, the kubeconfig. Its own, bounded, and gone with
 * its worker: what a killed worker leaves, the next one on that disk removes.
 */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@urumi/shared/server/ops/logger';

const prefix = 'urumi-worker-';
/** Helm keeps what it learned of the API server, about a megabyte for each server. */
const cacheBytesMax = 32_000_000;
/** What helm may fill. Everything else in the folder is the worker's. */
const caches = ['cache', '.kube', '.cache'] as const;

export class PrivateFolder {
  readonly path: string;
  readonly #logger: Pick<Logger, 'warn'>;

  private constructor(path: string, logger: Pick<Logger, 'warn'>) {
    this.path = path;
    this.#logger = logger;
  }

  /**
   * Makes the folder and removes those of workers that are no more.
   * @param parent  folder for temporary files
   * @throws Error with code ENOSPC, EACCES, ... where the folder cannot be made
   */
  static async make(parent: string, logger: Pick<Logger, 'warn'>): Promise<PrivateFolder> {
    await removeLeftovers(parent, logger);
    const mark = `${prefix}${process.pid}-${(await readStartTicks(process.pid)) ?? ''}-`;
    return new PrivateFolder(await mkdtemp(join(parent, mark)), logger);
  }

  /** Empties helm's caches where they have grown too large. Never a reason for a release to fail. */
  async trim(): Promise<void> {
    try {
      const sizes = await Promise.all(caches.map((name) => measure(join(this.path, name))));
      if (sizes.reduce((sum, size) => sum + size, 0) <= cacheBytesMax) return;
      for (const name of caches) await rm(join(this.path, name), { recursive: true, force: true });
    } catch (error) {
      this.#logger.warn({ err: error }, "helm's caches could not be emptied");
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

async function removeLeftovers(parent: string, logger: Pick<Logger, 'warn'>): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, ticks] = /^urumi-worker-(\d+)-(\d+)-/.exec(name) ?? [];
    // A process of that number that began at another time is another one.
    if (pid === undefined || (await readStartTicks(Number(pid))) === ticks) continue;
    try {
      await rm(join(parent, name), { recursive: true, force: true });
    } catch (error) {
      logger.warn({ err: error, name }, 'the folder of an earlier worker could not be removed');
    }
  }
}

/** When a process began, in clock ticks since boot: field 22 of its stat. `null` where there is none. */
async function readStartTicks(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The command, in brackets, may hold spaces.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

/** Bytes of the files below; 0 where there is nothing. */
async function measure(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
