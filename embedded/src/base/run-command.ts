/**
 * Runs one outside program to its end: argument array, no shell, always a time limit.
 * Owns the shape of such a failure (CommandError); refuses to hide one.
 */
import { spawn } from 'node:child_process';

const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

export interface CommandOptions {
  /** Text for the program's standard input. */
  input?: string | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  env?: Record<string, string> | undefined;
  cwd?: string | undefined;
}

export interface CommandOutput {
  stdout: string;
  stderr: string;
}

/** A program that could not start, ended with an error, or ran out of time. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly command: string;
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(input: { command: string; reason: string; exitCode: number | null; stderr: string }) {
    const detail = input.stderr.trim().split('\n').slice(-5).join('\n');
    super(`${input.command}: ${input.reason}${detail === '' ? '' : `\n${detail}`}`);
    this.command = input.command;
    this.exitCode = input.exitCode;
    this.stderr = input.stderr;
  }
}

/**
 * Runs `file` with `args` and resolves with its output when it ends with code 0.
 *
 * @throws CommandError for any other end; the program is killed at `timeoutMs` (30 s unless given) or on abort
 */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutput> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const command = [file, ...args.slice(0, 4)].join(' ');

  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
      env: systemEnvironment(options.env),
      cwd: options.cwd,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= OUTPUT_BYTES_MAX) into.push(chunk);
    };
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    const fail = (reason: string, exitCode: number | null) =>
      reject(new CommandError({ command, reason, exitCode, stderr: Buffer.concat(stderr).toString('utf8') }));

    child.on('error', (error) => {
      if (deadline.aborted) fail(`no end within ${timeoutMs} ms`, null);
      else if (signal.aborted) fail('aborted', null);
      else fail(error.message, null);
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) {
        resolve({ stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') });
        return;
      }
      fail(code === null ? `ended by ${killedBy}` : `ended with code ${code}`, code);
    });
    // A program that ends without reading its input closes the pipe first; its exit code tells the story.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(options.input ?? '');
  });
}

/** The caller's environment with the folders of system programs (ip, iptables) on PATH, where a user's often lack them. */
export function systemEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const path = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin`;
  return { ...process.env, PATH: path, ...extra };
}
