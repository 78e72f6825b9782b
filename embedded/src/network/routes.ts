/**
 * Keeps the cluster's addresses from leaving the host: while any cluster is up, the host has `unreachable` routes for
 * its ranges, so that a stray request fails at once instead of taking the default route.
 */
import { existsSync, readdirSync } from 'node:fs';

import { withLock } from '../base/lock.ts';
import { CommandError, runCommand } from '../base/run-command.ts';
import { NODE_RANGE, POD_RANGE, SERVICE_RANGE, SIMULATED_RANGE } from '../cluster/addresses.ts';

const LOCK = '/run/urumi.locks/.routes';
/** A real network of the same range on this host has a better metric and keeps working; the number marks ours. */
const METRIC = '429496';
const RANGES = [NODE_RANGE, SERVICE_RANGE, POD_RANGE, SIMULATED_RANGE];

export async function holdRoutes(signal: AbortSignal): Promise<void> {
  await withLock(LOCK, signal, async () => {
    for (const range of RANGES) {
      await runCommand('ip', ['route', 'replace', 'unreachable', range, 'metric', METRIC], { signal });
    }
  });
}

/** Removes the routes unless a cluster still has its network namespace. Safe to repeat. */
export async function releaseRoutes(): Promise<void> {
  await withLock(LOCK, undefined, async () => {
    if (existsSync('/run/netns') && readdirSync('/run/netns').some((name) => name.startsWith('urumi-'))) return;
    for (const range of RANGES) {
      try {
        await runCommand('ip', ['route', 'del', 'unreachable', range, 'metric', METRIC]);
      } catch (error) {
        const isGone = error instanceof CommandError && /No such process|No such file/.test(error.stderr);
        if (!isGone) throw error;
      }
    }
  });
}
