/** How much of the machine's processors was used, by whomever. */
import { cpus } from 'node:os';

export interface ProcessorTime {
  /** Since the start of the machine, over all processors. */
  readonly allMs: number;
  readonly idleMs: number;
}

export function readProcessorTime(): ProcessorTime {
  const times = cpus().map((one) => one.times);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return { allMs: sum(times.flatMap((one) => Object.values(one))), idleMs: sum(times.map((one) => one.idle)) };
}

/** 0 to 1. */
export function toBusyShare(before: ProcessorTime, after: ProcessorTime): number {
  const all = after.allMs - before.allMs;
  return all === 0 ? 0 : 1 - (after.idleMs - before.idleMs) / all;
}
