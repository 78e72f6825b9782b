/** Starts the storefront and stops it in time: configuration, socket, signals. */
import { createServer } from 'node:http';

import { createApp } from './app.ts';
import { ConfigError, parseConfig } from './config.ts';
import { createLog } from './log.ts';

/** The ingress needs a moment to stop sending; open requests get the rest. Together under the pod's five seconds. */
const drainMs = 500;
const stopMs = 4_500;

const log = createLog((line) => process.stdout.write(line));

try {
  const config = parseConfig(process.env);
  const app = createApp({ config, log });
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000 }, app.handle);
  // Longer than the ingress keeps idle connections (90 s in Traefik): it, not we, closes them, so none breaks in use.
  server.keepAliveTimeout = 95_000;
  server.listen(config.port, () => log('info', 'listening', { port: config.port, storeId: config.storeId }));

  const stop = (signal: NodeJS.Signals): void => {
    log('info', 'stopping', { signal });
    app.stop();
    setTimeout(() => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
    }, drainMs);
    setTimeout(() => {
      log('warn', 'stopped with open requests');
      process.exit(0);
    }, stopMs).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  log('error', error.message, { faults: error.faults.length });
  process.exitCode = 1;
}
