import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

// A child of its own session, which no signal to a process group reaches; it goes on writing for as long as it lives.
const writer = 'setsid sh -c "while :; do date +%N > beat; sleep 0.05; done" & wait';

/** Whether the writer still writes. */
async function isBeating(): Promise<boolean> {
  const read = (): string => readFileSync(join(folder, 'beat'), 'utf8');
  const before = read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  return read() !== before;
}

describe('run', () => {
  it('gives what the command printed', async () => {
    expect(await run({ file: 'sh', args: ['-c', 'echo out; echo err >&2'], timeoutMs: 10_000 })).toBe('out\n');
  });

  it('says how the command ended and the end of its output', async () => {
    const failing = run({ file: 'sh', args: ['-c', 'echo broken >&2; exit 3'], timeoutMs: 10_000 });
    await expect(failing).rejects.toThrow('sh -c ended with code 3:\nbroken');
    await expect(run({ file: 'sleep', args: ['60'], timeoutMs: 100 })).rejects.toThrow('took longer than 0.1 s');
    await expect(run({ file: 'urumi-no-such', args: [], timeoutMs: 10_000 })).rejects.toThrow('urumi-no-such');
  });

  // Others than root cannot make a process namespace.
  describe.runIf(process.geteuid?.() === 0)('ends the command and all it started', () => {
    it('when it is aborted', async () => {
      const abort = new AbortController();
      const outcome = run({
        file: 'sh',
        args: ['-c', writer],
        cwd: folder,
        timeoutMs: 60_000,
        signal: abort.signal,
      }).catch((error: unknown) => error);
      await vi.waitUntil(() => existsSync(join(folder, 'beat')), { timeout: 10_000 });
      abort.abort(new Error('stopped'));
      expect(await outcome).toMatchObject({ message: 'stopped' });
      expect(await isBeating()).toBe(false);
    });

    it('when its caller is killed', async () => {
      const command = { file: 'sh', args: ['-c', writer], cwd: folder, timeoutMs: 60_000 };
      const script = `const { run } = await import(${JSON.stringify(join(import.meta.dirname, 'run.ts'))}); await run(${JSON.stringify(command)});`;
      const caller = spawn(process.execPath, ['--input-type=module', '-e', script]);
      await vi.waitUntil(() => existsSync(join(folder, 'beat')), { timeout: 10_000 });
      caller.kill('SIGKILL');
      await vi.waitUntil(async () => !(await isBeating()), { timeout: 10_000 });
    });
  });
});
