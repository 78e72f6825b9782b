/**
 * Entry of the server: loads Medusa's modules while a second thread waits for the shop, then starts Medusa in this
 * process. It is process 1 of its container, where a signal without a handler does nothing: until Medusa handles SIGTERM
 * itself, a stop is answered here at once instead of after the whole grace period.
 */
import { Worker } from 'node:worker_threads';
import { Cause, badInputExitCode, causeLine } from './cause.ts';
import { readServerEnvironment, type ServerEnvironment } from './environment.ts';
import { log, logError } from './log.ts';
import { medusaVersion, preloadServer, projectFolder, startServer, uploadsFolder } from './medusa.ts';
import { useResolved } from './resolved.ts';
import type { Verdict } from './shop-thread.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

function stop(): void {
  log('stopped before the shop was started');
  process.exit(143);
}

/** Resolves when the shop can open. */
async function openShop(environment: ServerEnvironment): Promise<void> {
  const thread = new Worker(new URL('./shop-thread.ts', import.meta.url), {
    workerData: { environment, medusa: medusaVersion(), uploads: uploadsFolder },
  });
  const verdict = await new Promise<Verdict>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  // It may still hold a probe; a stopping server does not wait for that.
  thread.unref();
  if (verdict.is === 'cause') throw new Cause(verdict.code, verdict.message);
  if (verdict.is === 'error') throw new Error(verdict.text);
}

try {
  signals.forEach((signal) => process.on(signal, stop));
  useResolved(projectFolder);
  const environment = readServerEnvironment(process.env);
  await Promise.all([openShop(environment), preloadServer()]);
  await startServer(environment.port);
  signals.forEach((signal) => process.off(signal, stop));
} catch (error) {
  if (error instanceof Cause) process.stderr.write(causeLine(error));
  else logError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(error instanceof Cause && error.code === 'InputBad' ? badInputExitCode : 1);
}
