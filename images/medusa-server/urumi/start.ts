/**
 * Entry of the server: loads Medusa's modules while it waits for setup's mark, then starts Medusa in this process.
 * It is process 1 of its container, where a signal without a handler does nothing: until Medusa handles SIGTERM
 * itself, a stop is answered here at once instead of after the whole grace period.
 */
import { BadInput, badInputExitCode } from './bad-input.ts';
import { readServerEnvironment } from './environment.ts';
import { log, logError } from './log.ts';
import { medusaVersion, preloadServer, startServer } from './medusa.ts';
import { waitForSetup } from './wait-for-setup.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

function stop(): void {
  log('stopped before the shop was started');
  process.exit(143);
}

try {
  signals.forEach((signal) => process.on(signal, stop));
  const environment = readServerEnvironment(process.env);
  const setup = waitForSetup(environment.database, medusaVersion());
  preloadServer();
  await setup;
  await startServer(environment.port);
  signals.forEach((signal) => process.off(signal, stop));
} catch (error) {
  logError(
    error instanceof BadInput ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  process.exit(error instanceof BadInput ? badInputExitCode : 1);
}
