/**
 * Processes that belong to the launcher. They end with it, however it ends: the kernel kills them with their parent
 * (`setpriv --pdeathsig`), so a killed launcher leaves no service behind.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logsFolder: string;
  /** Sent when the launcher dies. Redis takes TERM to close its files; the services are disposable. */
  readonly onParentDeath: 'TERM' | 'KILL';
  /** How long it may take to stop before it is killed, in milliseconds. */
  readonly stopTimeoutMs: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves with a sentence when the process has ended, whoever ended it. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  /** SIGTERM, then SIGKILL after the time-out. Safe to repeat. */
  stop(): Promise<void>;
}

/** @throws Error where the program cannot be started */
export async function startChild(spec: ChildSpec): Promise<Child> {
  mkdirSync(spec.logsFolder, { recursive: true, mode: 0o700 });
  const logFile = join(spec.logsFolder, `${spec.name}.log`);
  // The log of the run before tells why that one ended.
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn('setpriv', [`--pdeathsig=${spec.onParentDeath}`, '--', spec.command, ...spec.args], {
    stdio: ['ignore', log, log],
    env: spec.env,
    // A group of its own: Ctrl-C reaches the launcher only, which stops everything in order.
    detached: true,
  });
  closeSync(log);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${spec.name} has no process id`);
  const ended = once(child, 'exit').then(() => describeEnd(spec.name, child, logFile));
  return {
    name: spec.name,
    pid,
    logFile,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => stop(child, ended, spec.stopTimeoutMs),
  };
}

async function stop(child: ChildProcess, ended: Promise<string>, timeoutMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await ended;
  clearTimeout(timer);
}

function describeEnd(name: string, child: ChildProcess, logFile: string): string {
  const how = child.signalCode === null ? `with code ${String(child.exitCode)}` : `by ${child.signalCode}`;
  return `${name} ended ${how}. The end of its log (${logFile}):\n${readTail(logFile)}`;
}

function readTail(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8);
  return lines.map((line) => `    ${line.slice(0, 400)}`).join('\n');
}
