/** What the tests of running images share: waiting for a condition, and a port nobody uses. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 4 * 60_000;

/** Waits until the condition holds; the test's own time limit ends it otherwise, with `report` in the message. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  report: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain\n${report()}`);
    await delay(100);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
