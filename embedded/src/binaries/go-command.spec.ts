import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { sleep, waitUntil } from '../base/wait.ts';
import { runGo } from './go-command.ts';

/** Stands in for `go`: on `build` it starts a "compiler", which writes to the work folder for as long as it lives. */
const GO = `#!/bin/sh
case $1 in
fail) echo 'it is broken' >&2; exit 1 ;;
list) echo packages ;;
build) sh -c 'while :; do date +%N > "$GOTMPDIR/beat"; sleep 0.05; done' & wait ;;
esac
`;

describe('runGo', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'urumi-go-'));
    writeFileSync(join(dir, 'go'), GO);
    chmodSync(join(dir, 'go'), 0o755);
    vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true });
  });

  const options = () => ({ cwd: dir, workDir: dir, timeoutMs: 60_000 });
  const untilBuilding = () =>
    waitUntil({ what: 'compiler', timeoutMs: 10_000, intervalMs: 20, check: () => existsSync(join(dir, 'beat')) });
  const isBuilding = async () => {
    const read = () => readFileSync(join(dir, 'beat'), 'utf8');
    const before = read();
    await sleep(300);
    return read() !== before;
  };

  it('gives what it printed, or the end of its complaint', async () => {
    expect(await runGo(['list'], options())).toBe('packages\n');
    await expect(runGo(['fail'], options())).rejects.toThrow('go fail ended with code 1\nit is broken');
  });

  it('has ended the compilers when it reports an abort', async () => {
    const abort = new AbortController();
    const outcome = runGo(['build'], { ...options(), signal: abort.signal }).catch((error: unknown) => error);
    await untilBuilding();
    abort.abort(new Error('enough'));
    expect(await outcome).toMatchObject({ message: 'enough' });
    expect(await isBuilding()).toBe(false);
  });

  // Others than root cannot make a process namespace.
  it.runIf(process.geteuid?.() === 0)('ends the compilers when its caller is killed', async () => {
    const module = join(import.meta.dirname, 'go-command.ts');
    const script = `const { runGo } = await import(${JSON.stringify(module)}); await runGo(['build'], ${JSON.stringify(options())});`;
    const caller = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await untilBuilding();
    caller.kill('SIGKILL');
    await waitUntil({ what: 'end of the build', timeoutMs: 10_000, check: async () => !(await isBuilding()) });
  });
});
