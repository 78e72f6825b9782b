/** The machine a figure belongs to, and whether it was quiet enough to take one. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Mean number of runnable processes over the last minute, before the benchmark began. */
  readonly load: number;
  /** Share of all cores that others used just before, 0 to 1. */
  readonly busyShare: number;
}

const sampleMs = 3_000;
/** Above it, figures tell about the neighbours. */
export const busyShareMost = 0.15;

export async function inspectMachine(): Promise<Machine> {
  const [cpu] = os.cpus();
  return {
    cores: os.cpus().length,
    processor: cpu?.model.trim() ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 1024 ** 3),
    kernel: os.release(),
    node: process.versions.node,
    load: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
    busyShare: await sampleBusyShare(),
  };
}

/** @throws Error with the way out where the machine is busy and nobody said that this is fine */
export function refuseBusy({ busyShare }: Machine, isBusyFine: boolean): void {
  if (busyShare <= busyShareMost || isBusyFine) return;
  throw new Error(
    `other programs use ${Math.round(busyShare * 100)} % of this machine: wait until it is quiet, or give --busy to measure all the same`,
  );
}

async function sampleBusyShare(): Promise<number> {
  const before = parseTimes(readFileSync('/proc/stat', 'utf8'));
  await sleep(sampleMs);
  return shareBetween(before, parseTimes(readFileSync('/proc/stat', 'utf8')));
}

interface Times {
  readonly idle: number;
  readonly all: number;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, ... */
export function parseTimes(stat: string): Times {
  const numbers = (stat.split('\n')[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
  const all = numbers.reduce((sum, one) => sum + one, 0);
  return { idle: (numbers[3] ?? 0) + (numbers[4] ?? 0), all };
}

export function shareBetween(before: Times, after: Times): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : Math.round((1 - (after.idle - before.idle) / all) * 100) / 100;
}
