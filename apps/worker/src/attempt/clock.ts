/**
 * The system's monotonic clock, as worker and guard both read it: hundredths of a second since boot. `process.hrtime`
 * will not do: a shell cannot read it, and it stands still while the machine sleeps.
 */
import { readFileSync } from 'node:fs';

/** Hundredths of a second of /proc/uptime. */
export type Ticks = number;

export const ticksPerSecond = 100;

export function readTicks(): Ticks {
  return parseUptime(readFileSync('/proc/uptime', 'utf8'));
}

/** `12.34 56.78` is 1234. */
export function parseUptime(text: string): Ticks {
  return Math.round(Number.parseFloat(text) * ticksPerSecond);
}
