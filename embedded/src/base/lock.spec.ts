import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { takeLock, withLock } from './lock.ts';

describe('a lock between processes', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'urumi-lock-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('lets one in at a time', async () => {
    const file = join(dir, 'lock');
    let inside = 0;
    let most = 0;
    const work = () =>
      withLock(file, undefined, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
  });

  it('is free again when its holder is killed', async () => {
    const file = join(dir, 'lock');
    const module = join(import.meta.dirname, 'lock.ts');
    const script = `const { takeLock } = await import(${JSON.stringify(module)}); await takeLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await once(holder.stdout, 'data');
    const waiting = takeLock(file);
    holder.kill('SIGKILL');
    const lock = await waiting;
    await lock.release();
  });

  it('is kept through Ctrl-C while its holder stops', async () => {
    const file = join(dir, 'lock');
    const module = join(import.meta.dirname, 'lock.ts');
    const script = `const { takeLock } = await import(${JSON.stringify(module)}); process.on('SIGINT', () => {}); await takeLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true });
    await once(holder.stdout, 'data');
    // A terminal's Ctrl-C goes to the whole process group.
    process.kill(-(holder.pid ?? 0), 'SIGINT');
    await expect(takeLock(file, AbortSignal.timeout(300))).rejects.toThrow('timeout');
    holder.kill('SIGKILL');
    await (await takeLock(file)).release();
  });

  it('stops waiting when aborted', async () => {
    const file = join(dir, 'lock');
    const lock = await takeLock(file);
    const abort = new AbortController();
    const waiting = takeLock(file, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await lock.release();
  });
});
