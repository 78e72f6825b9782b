/** Runs `waitForShop`, and the place where a probe waits, in a thread of their own: the main thread is busy with loading modules for seconds. */
import { parentPort, workerData } from 'node:worker_threads';
import { Cause } from './cause.ts';
import { announceOpening } from './opening.ts';
import { waitForShop } from './wait-for-shop.ts';

/** What the thread says at its end. */
export type Verdict =
  { is: 'open' } | { is: 'cause'; code: Cause['code']; message: string } | { is: 'error'; text: string };

function tell(verdict: Verdict): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
  parentPort?.postMessage(verdict);
}

const wait = workerData as Parameters<typeof waitForShop>[0];
const { port, openingPort } = wait.environment;
if (openingPort !== undefined) announceOpening(port, openingPort);
try {
  await waitForShop(wait);
  tell({ is: 'open' });
} catch (error) {
  if (error instanceof Cause) tell({ is: 'cause', code: error.code, message: error.message });
  else tell({ is: 'error', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
