/**
 * Keeps two builds of the same thing apart, across processes: the second waits, then finds the result in the cache.
 * The lock is the kernel's, held by a `flock` child whose input we hold open, so it ends with us however we die.
 * It has a session of its own: Ctrl-C in a terminal ends us only, and the lock stays ours while we stop.
 */
import { spawn } from 'node:child_process';

/** Runs `work` while holding the lock file. Gives up waiting when the signal aborts. */
export async function withLock<T>(file: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const release = (): void => {
    holder.stdin.end();
  };
  // While it waits for the lock `flock` does not read its input, so only a signal ends it.
  const abandon = (): void => {
    holder.kill('SIGKILL');
  };
  signal?.addEventListener('abort', abandon, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', reject);
      holder.stdout.once('data', () => resolve());
      holder.once('close', () =>
        reject(signal?.aborted === true ? signal.reason : new Error(`flock ${file} ended unexpectedly`)),
      );
    });
    return await work();
  } finally {
    signal?.removeEventListener('abort', abandon);
    release();
    await ended;
  }
}
