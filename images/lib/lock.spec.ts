import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A promise and what settles it, to hold a lock for as long as the test wants. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

describe('withLock', () => {
  it('lets the second in only when the first is done', async () => {
    const file = join(folder, 'lock');
    const steps: string[] = [];
    const [entered, leave] = [gate(), gate()];
    const first = withLock(file, undefined, async () => {
      steps.push('first in');
      entered.open();
      await leave.opened;
      steps.push('first out');
    });
    await entered.opened;
    const second = withLock(file, undefined, async () => {
      steps.push('second in');
    });
    leave.open();
    await Promise.all([first, second]);
    expect(steps).toEqual(['first in', 'first out', 'second in']);
  });

  it('frees the lock when the work fails', async () => {
    const file = join(folder, 'lock');
    await expect(withLock(file, undefined, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(withLock(file, undefined, () => Promise.resolve('free'))).resolves.toBe('free');
  });

  it('gives up waiting when it is aborted', async () => {
    const file = join(folder, 'lock');
    const [entered, leave] = [gate(), gate()];
    const first = withLock(file, undefined, async () => {
      entered.open();
      await leave.opened;
    });
    await entered.opened;
    const abort = new AbortController();
    const second = withLock(file, abort.signal, () => Promise.resolve());
    abort.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    leave.open();
    await first;
  });
});
