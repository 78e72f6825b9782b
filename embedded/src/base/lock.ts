/**
 * A lock between processes. A child (`flock FILE cat`) holds it: the kernel drops the lock when that child ends, and
 * the child ends with our end of its pipe, so a lock can never outlive a killed owner and needs no clean-up. Ctrl-C in
 * a terminal does not reach it: the owner keeps the lock while it stops.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { systemEnvironment } from './run-command.ts';

interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes the lock in `file` (made when missing), waiting as long as another process holds it.
 *
 * @throws the abort reason when `signal` aborts while waiting
 */
export function takeLock(file: string, signal?: AbortSignal): Promise<HeldLock> {
  signal?.throwIfAborted();
  mkdirSync(dirname(file), { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['--exclusive', file, 'cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: systemEnvironment(),
      detached: true,
    });
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    const abort = () => {
      child.kill('SIGKILL');
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`lock ${file}: flock ended early`)));
    // flock starts cat only once the lock is ours, so the echo of this byte is the news.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.write('.');
    child.stdout.once('data', () => {
      signal?.removeEventListener('abort', abort);
      resolve({
        async release() {
          child.stdin.end();
          await ended;
        },
      });
    });
  });
}

/** Runs `work` while holding the lock in `file`. */
export async function withLock<T>(file: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(file, signal);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
