/**
 * One long-running program of a cluster: started in the right network, watched, restarted with growing pauses, stopped
 * in time. It dies with its supervisor (parent-death signal), so a killed supervisor leaves none of them behind.
 */
import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { type ProcessIdentity, readIdentity, signalProcess, waitForEnd } from '../base/process-identity.ts';
import { systemEnvironment } from '../base/run-command.ts';
import { sleep } from '../base/wait.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { insideNamespace } from '../network/namespace.ts';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;
const KILL_TIMEOUT_MS = 5_000;
/** A run of this length forgives the crashes before it. */
const STEADY_MS = 60_000;
const LOG_BYTES_MAX = 64 * 1024 * 1024;

export interface ComponentSpec {
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
}

export interface ComponentStatus {
  name: string;
  pid: number | null;
  restarts: number;
}

/** The pause before the next start after `crashes` crashes in a row. */
export function backoffMs(crashes: number): number {
  return Math.min(BACKOFF_FIRST_MS * 2 ** Math.max(0, crashes - 1), BACKOFF_MAX_MS);
}

export class Component {
  readonly name: string;
  readonly logFile: string;
  private readonly spec: ComponentSpec;
  private readonly paths: ClusterPaths;
  private readonly onChange: () => void;
  private restartTimer: NodeJS.Timeout | null = null;
  private isStopping = false;
  private crashesInARow = 0;
  private crashes = 0;
  identity: ProcessIdentity | null = null;
  /** Settles when the end of the current run has been noticed. */
  private ended: Promise<void> = Promise.resolve();

  constructor(spec: ComponentSpec, paths: ClusterPaths, onChange: () => void) {
    this.spec = spec;
    this.name = spec.name;
    this.paths = paths;
    this.onChange = onChange;
    this.logFile = join(paths.logsDir, `${spec.name}.log`);
  }

  /** Starts the program for the first time; the log of an earlier run moves aside. */
  start(): void {
    if (existsSync(this.logFile)) renameSync(this.logFile, `${this.logFile}.1`);
    this.launch();
  }

  status(): ComponentStatus {
    return { name: this.name, pid: this.identity?.pid ?? null, restarts: this.crashes };
  }

  /** Asks the program to end, then ends it. Safe to repeat. */
  async stop(timeoutMs: number): Promise<void> {
    this.isStopping = true;
    if (this.restartTimer !== null) clearTimeout(this.restartTimer);
    const identity = this.identity;
    if (identity === null) return;
    signalProcess(identity, 'SIGTERM');
    if (!(await waitForEnd(identity, timeoutMs))) signalProcess(identity, 'SIGKILL');
    await Promise.race([this.ended, sleep(KILL_TIMEOUT_MS)]);
  }

  /** Keeps a log from filling the disk: a copy of the old part stays, the file itself starts again. */
  trimLog(): void {
    if (!existsSync(this.logFile) || statSync(this.logFile).size < LOG_BYTES_MAX) return;
    copyFileSync(this.logFile, `${this.logFile}.1`);
    truncateSync(this.logFile); // written in append mode, so the program goes on at the new end
  }

  private launch(): void {
    this.restartTimer = null;
    const [command, args] = insideNamespace(this.paths, 'setpriv', [
      '--pdeathsig',
      'KILL',
      '--',
      this.spec.command,
      ...this.spec.args,
    ]);
    const log = openSync(this.logFile, 'a');
    const startedAt = performance.now();
    const child = spawn(command, args, {
      stdio: ['ignore', log, log],
      cwd: this.paths.stateDir,
      env: systemEnvironment(this.spec.env),
      detached: true, // a session of its own: Ctrl-C in the terminal reaches the launcher only
    });
    closeSync(log);
    this.identity = child.pid === undefined ? null : readIdentity(child.pid);
    this.onChange();
    this.ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve()); // it could not be started: no exit will follow
    }).then(() => {
      this.identity = null;
      if (!this.isStopping) {
        this.crashes += 1;
        this.crashesInARow = performance.now() - startedAt > STEADY_MS ? 1 : this.crashesInARow + 1;
        this.restartTimer = setTimeout(() => this.launch(), backoffMs(this.crashesInARow));
      }
      this.onChange();
    });
  }
}
