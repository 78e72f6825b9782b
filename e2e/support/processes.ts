/** The machine's processes, as /proc tells of them. A process may end between any two looks. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

export async function listPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/**
 * At once and not by a promise: a promise for a file of a process that ends in that moment was once never kept.
 *
 * @returns the file's text, empty where the process has ended or is closed to us
 */
export function readOfProcess(pid: number, file: 'cgroup' | 'cmdline' | 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && silent.includes(String(error.code))) return '';
    throw error;
  }
}

/** It has ended, or it is closed even to root, as the first process of a container: none of ours. */
const silent = ['ENOENT', 'ESRCH', 'EACCES'];

/** @returns memory in use. @throws Error where the process does not run */
export function readResidentMb(pid: number | null): number {
  const status = pid === null ? '' : readOfProcess(pid, 'status');
  const size = /^VmRSS:\s+(?<kb>\d+) kB$/m.exec(status)?.groups?.['kb'];
  if (size === undefined) throw new Error(`process ${pid} does not run`);
  return Number(size) / 1024;
}

/** By SIGKILL, unless it has ended by itself. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
