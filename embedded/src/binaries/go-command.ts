/**
 * Runs the Go command so that nothing of it runs on: not after an abort, and not after our own death. `go build` handles
 * no signal at all: it leaves its compilers and its work folder (cmd/go/internal/base/signal.go is for `run` and `test`).
 */
import { spawn } from 'node:child_process';

import { onLines } from '../base/lines.ts';
import { killGroup } from '../base/process-identity.ts';
import { systemEnvironment } from '../base/run-command.ts';
import { BUILD_ENVIRONMENT } from './catalog.ts';

const KEPT_LINES = 10;

/**
 * The death signal reaches one process only, so that is made process 1 of a process namespace, with which the kernel ends
 * all others. Only root may make one; for anybody else the compilers of a killed build end when they are done.
 */
const BOUND = [
  '--pdeathsig',
  'KILL',
  ...(process.geteuid?.() === 0 ? ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] : []),
];

interface GoOptions {
  cwd: string;
  /** An existing folder for its work in progress; the caller removes it. */
  workDir: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Receives each line of its standard error. */
  onLine?: ((line: string) => void) | undefined;
}

/**
 * Runs `go` with `args` to its end, at low priority: the services and the cluster share the cores.
 *
 * @returns its standard output
 * @throws Error with the end of its standard error, the abort reason; only once it and its children have ended
 */
export async function runGo(args: readonly string[], options: GoOptions): Promise<string> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  signal.throwIfAborted();
  const child = spawn('setpriv', [...BOUND, 'nice', '-n', '10', 'go', ...args], {
    cwd: options.cwd,
    env: systemEnvironment({ ...BUILD_ENVIRONMENT, GOTMPDIR: options.workDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const lastLines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  onLines(child.stderr, (line) => {
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
    options.onLine?.(line);
  });

  const end = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
    });
    if (code === 0) return output;
    signal.throwIfAborted();
    throw new Error(`go ${args[0] ?? ''} ended with ${killedBy ?? `code ${code}`}\n${lastLines.join('\n')}`);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
