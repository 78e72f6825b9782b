/**
 * Names a process so that it cannot be mistaken for a later one with the same number:
 * pid and start time (field 22 of /proc/<pid>/stat, in clock ticks since boot; proc(5)).
 */
import { readFileSync } from 'node:fs';

import { sleep } from './wait.ts';

export interface ProcessIdentity {
  pid: number;
  startTicks: number;
}

/** The state letter and start time in the text of /proc/<pid>/stat. The command name may hold spaces and brackets. */
export function parseStat(text: string): { state: string; startTicks: number } | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = Number(fields[19]);
  if (state === undefined || state === '' || !Number.isInteger(startTicks)) return null;
  return { state, startTicks };
}

/** The identity of a running process, or null when there is none (a zombie has ended). */
export function readIdentity(pid: number): ProcessIdentity | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // no such process: the only way this file cannot be read as root
  }
  const stat = parseStat(text);
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  return { pid, startTicks: stat.startTicks };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return readIdentity(identity.pid)?.startTicks === identity.startTicks;
}

/** Sends a signal to exactly this process; a process that is gone is fine. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills a process group, by the pid of its leader, which must be a child not yet waited for; one that is gone is fine. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the process has ended. @returns false when it still runs after `timeoutMs` */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const endsAt = performance.now() + timeoutMs;
  while (isRunning(identity)) {
    if (performance.now() >= endsAt) return false;
    await sleep(25, signal);
  }
  return true;
}
