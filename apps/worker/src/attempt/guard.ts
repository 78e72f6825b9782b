/**
 * The guard's side in the worker: starts it with the lease's deadline and writes it one line for each renewal. The guard
 * itself is a shell script, for a second Node would cost 40 MB and 50 ms for each run.
 */
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Guard } from '../helm/helm.ts';
import type { HeldLease } from './held-lease.ts';

/** Beside the source, also for the built worker: the compiler copies no scripts. */
const script = fileURLToPath(new URL('../../src/attempt/guard.sh', import.meta.url));

export function buildGuard(lease: Pick<HeldLease, 'deadline' | 'onDeadline'>): Guard {
  const deadlines = new Readable({ read: () => undefined });
  const stop = lease.onDeadline((deadline) => deadlines.push(`${deadline}\n`));
  deadlines.once('close', stop);
  return {
    command: ['bash', '--noprofile', '--norc', script, String(lease.deadline)],
    deadlines,
    end: () => {
      stop();
      deadlines.push(null);
    },
  };
}
