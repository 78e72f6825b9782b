/**
 * Runs one outside command with a time limit and an abort signal. Its output is kept only for the error. The command
 * and all it starts end with us, even by kill -9: what ran on would write where the next build already works.
 */
import { spawn } from 'node:child_process';

export type Command = {
  file: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeoutMs: number;
  signal?: AbortSignal;
};

const keptOutput = 4000;

/**
 * Arguments of `setpriv` before the command. The signal reaches one process only, so that is made process 1 of a process
 * namespace, with which the kernel ends all others. Only root may make one that leaves a command the users it needs;
 * for anybody else the children of a killed build end when they are done.
 */
const bound = [
  '--pdeathsig',
  'KILL',
  ...(process.geteuid?.() === 0 ? ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] : []),
];

/**
 * @returns what the command wrote on standard output
 * @throws Error with the command's name, how it ended and the end of its output; the signal's reason when aborted
 *
 * The command leads a process group of its own: a time-out or an abort ends its children too.
 */
export async function run({ file, args, cwd, env, timeoutMs, signal }: Command): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn('setpriv', [...bound, file, ...args], {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    tail = (tail + chunk.toString()).slice(-keptOutput);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-keptOutput);
  });

  let isTimedOut = false;
  const end = (): void => endGroup(child.pid);
  const timer = setTimeout(() => {
    isTimedOut = true;
    end();
  }, timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
    });
    signal?.throwIfAborted();
    if (code === 0) return output;
    const how = isTimedOut ? `took longer than ${timeoutMs / 1000} s` : `ended with ${killedBy ?? `code ${code}`}`;
    throw new Error(`${file} ${args[0] ?? ''} ${how}:\n${tail.trim()}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it ended by itself between the decision and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
