import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { isRunning } from '../testing/worker-bench.ts';

const script = fileURLToPath(new URL('./guard.sh', import.meta.url));
const parentProgram = fileURLToPath(new URL('../../test/fixtures/guard-parent.mjs', import.meta.url));

/** A command with a child, both deaf to SIGTERM: only SIGKILL of the whole group ends them. Prints both pids. */
const stubborn = ['bash', '-c', 'trap "" TERM; sleep 300 & echo "pids $$ $!"; wait; wait'];
/** How far ahead the parent's deadlines are, and how long after SIGTERM the guard sends SIGKILL. */
const deadlineMs = 2_000;
const graceMs = 1_000;
/** The rest is for a busy machine: left alone, the command would run for minutes. */
const endedWithinMs = deadlineMs + graceMs + 5_000;

type Mode = 'steady' | 'silent' | 'blocked';
interface Run {
  readonly parent: ChildProcess;
  readonly output: () => string;
  readonly guardPid: () => number;
  readonly pids: () => readonly number[];
}

const runs: Run[] = [];
afterEach(async () => {
  for (const { parent, guardPid, pids } of runs.splice(0)) {
    parent.kill('SIGKILL');
    for (const pid of [guardPid(), ...pids()]) if (await isRunning(pid)) process.kill(pid, 'SIGKILL');
  }
});

async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not in time: ${what}`);
    await sleep(10);
  }
  return performance.now() - startedAt;
}

function start(mode: Mode, command: readonly string[]): Run {
  const parent = spawn(process.execPath, [parentProgram, script, mode, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  parent.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const numbers = (pattern: RegExp) => (pattern.exec(output)?.[1] ?? '').split(' ').filter(Boolean).map(Number);
  const run: Run = {
    parent,
    output: () => output,
    guardPid: () => numbers(/^guard (\d+)$/m)[0] ?? 0,
    pids: () => numbers(/^pids (.+)$/m),
  };
  runs.push(run);
  return run;
}

async function startStubborn(mode: Mode): Promise<Run> {
  const run = start(mode, stubborn);
  await until('the command runs', () => run.pids().length === 2);
  return run;
}

const haveEnded = async ({ pids }: Run): Promise<boolean> => {
  for (const pid of pids()) if (await isRunning(pid)) return false;
  return true;
};

describe('the guard ends the whole group of its command', () => {
  it('when the parent is killed', async () => {
    const run = await startStubborn('steady');
    run.parent.kill('SIGKILL');
    expect(await until('it ended', () => haveEnded(run))).toBeLessThan(endedWithinMs);
    await until('the guard ended too', async () => !(await isRunning(run.guardPid())));
  });

  it('when the parent is stopped', async () => {
    const run = await startStubborn('steady');
    run.parent.kill('SIGSTOP');
    expect(await until('it ended', () => haveEnded(run))).toBeLessThan(endedWithinMs);
  });

  it('when the parent is blocked', async () => {
    const run = await startStubborn('blocked');
    expect(await until('it ended', () => haveEnded(run))).toBeLessThan(endedWithinMs);
  });

  it('when the parent gives no more deadlines', async () => {
    const run = await startStubborn('silent');
    expect(await until('it ended', () => haveEnded(run))).toBeLessThan(endedWithinMs);
    await until('the parent learned it', () => run.output().includes('exit 137'));
  });

  it('but not while deadlines come', async () => {
    const run = await startStubborn('steady');
    // Longer than a deadline and both signals: the wait is what is tested.
    await sleep(deadlineMs + graceMs + 500);
    expect(await haveEnded(run)).toBe(false);
  });
});

describe('the guard', () => {
  it('passes the exit code on', async () => {
    const run = start('steady', ['bash', '-c', 'exit 7']);
    await once(run.parent, 'exit');
    expect(run.output()).toContain('exit 7');
  });

  it('passes SIGTERM on and waits for the end', async () => {
    const run = start('steady', [
      'bash',
      '-c',
      'trap "echo cleaned; exit 3" TERM; echo "pids $$"; while :; do sleep 0.05; done',
    ]);
    await until('the command runs', () => run.pids().length === 1);
    process.kill(run.guardPid(), 'SIGTERM');
    await once(run.parent, 'exit');
    expect(run.output()).toMatch(/cleaned\nexit 3/);
  });

  it('ends what the command leaves in its group', async () => {
    const run = start('steady', ['bash', '-c', 'sleep 300 >/dev/null & echo "pids $!"; exit 0']);
    await once(run.parent, 'exit');
    await until('the leftover ended', () => haveEnded(run));
  });

  it('does not start the command after the deadline', async () => {
    const guard = spawn('bash', [script, '1', 'echo', 'ran'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    let output = '';
    guard.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = await once(guard, 'exit');
    expect([code, output]).toEqual([124, '']);
  });
});
