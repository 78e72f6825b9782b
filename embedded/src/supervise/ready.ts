/** Waiting for components, so that a failure names the one to blame and shows the end of its log. */
import { tailOf } from '../base/files.ts';
import { messageOf, waitUntil } from '../base/wait.ts';
import type { BinarySupply } from '../binaries/supply.ts';
import type { Component } from './component.ts';
import { ClusterFailure } from './state.ts';

const READY_TIMEOUT_MS = 120_000;
/** A component that ends this often before it answers once will not answer. */
const EARLY_ENDS_MAX = 4;

/** Waits until a component answers as it should. */
export async function untilReady(
  component: Component,
  check: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  let isHopeless = false;
  await blame(component.name, component.logFile, async () => {
    await waitUntil({
      what: 'ready',
      timeoutMs: READY_TIMEOUT_MS,
      signal,
      check: () => {
        isHopeless = component.status().restarts >= EARLY_ENDS_MAX;
        return isHopeless || check();
      },
    });
    if (isHopeless) throw new Error(`it ended ${EARLY_ENDS_MAX} times before it was ready`);
  });
}

export function built(
  supply: BinarySupply,
  group: Parameters<BinarySupply['path']>[0],
  binary: string,
): Promise<string> {
  return blame(`build of ${group}`, null, () => supply.path(group, binary));
}

/** Gives a failure the name of the component and the end of its log. */
export async function blame<T>(component: string, logFile: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClusterFailure) throw error;
    const logTail = logFile === null ? [] : tailOf(logFile, 8);
    throw new ClusterFailure({ component, message: messageOf(error), logFile, logTail });
  }
}
