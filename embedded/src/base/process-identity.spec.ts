import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { isRunning, parseStat, readIdentity, signalProcess, waitForEnd } from './process-identity.ts';

describe('parseStat', () => {
  const rest = 'S 1 10 10 0 -1 4194304 1 0 0 0 1 2 0 0 20 0 1 0 177285 100 200';

  it.each([
    ['a plain name', `42 (node) ${rest}`],
    ['a name with blanks and brackets', `42 (tmux: (server) x) ${rest}`],
  ])('reads state and start time after %s', (_, text) => {
    expect(parseStat(text)).toEqual({ state: 'S', startTicks: 177285 });
  });

  it('refuses a text that is no stat line', () => {
    expect(parseStat('')).toBeNull();
    expect(parseStat('42 (node) S 1')).toBeNull();
  });
});

describe('a process identity', () => {
  it('runs, ends, and is gone', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const identity = readIdentity(child.pid ?? 0);
    if (identity === null) throw new Error('the child has an identity');
    expect(isRunning(identity)).toBe(true);
    signalProcess(identity, 'SIGKILL');
    expect(await waitForEnd(identity, 2_000)).toBe(true);
    expect(isRunning(identity)).toBe(false);
  });

  it('is not another process that got the same number', () => {
    const own = readIdentity(process.pid);
    expect(own).not.toBeNull();
    const earlier = { pid: process.pid, startTicks: (own?.startTicks ?? 0) - 1 };
    expect(isRunning(earlier)).toBe(false);
    expect(() => signalProcess(earlier, 'SIGKILL')).not.toThrow();
  });
});
