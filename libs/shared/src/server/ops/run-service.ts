/**
 * Runs a background service: metrics and health on their own port, and an ordered shutdown that ends in time.
 * What the service does is not known here.
 */
import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Logger } from './logger.ts';

export interface ServiceContext {
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Aborted when shutdown begins. */
  readonly signal: AbortSignal;
  /** Registers a shutdown step. Steps run one after another, the last registered first. */
  onStop(name: string, step: () => Promise<void> | void, timeoutMs: number): void;
  /** Stops the service as failed, for what is found out only after the start. */
  readonly fail: (error: Error) => void;
}

export interface ServiceOptions {
  readonly name: string;
  readonly logger: Logger;
  readonly ops: { readonly host: string; readonly port: number } | null;
  /** Starts the service; must return soon. */
  readonly start: (context: ServiceContext) => Promise<RunningService>;
}

export interface RunningService {
  /** Answers /readyz. */
  readonly isReady: () => Promise<boolean>;
  /** Lines that a yes of /readyz says beside it. */
  readonly tell?: () => readonly string[];
}

interface StopStep {
  readonly name: string;
  readonly step: () => Promise<void> | void;
  readonly timeoutMs: number;
}

/**
 * Runs until SIGTERM or SIGINT, then stops and sets the exit code: 0 after a clean stop, 1 where start or a stop step
 * failed. A second signal ends the process at once.
 */
export async function runService({ name, logger, ops, start }: ServiceOptions): Promise<void> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const stopping = new AbortController();
  const steps: StopStep[] = [];

  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<never>((_resolve, reject) => (fail = reject));
  failing.catch(() => undefined);
  const signalled = waitForSignal();
  let failed = false;
  let up = false;
  try {
    const service = await start({
      logger,
      metrics,
      signal: stopping.signal,
      onStop: (stepName, step, timeoutMs) => steps.push({ name: stepName, step, timeoutMs }),
      fail,
    });
    if (ops) {
      const server = await listen(ops, metrics, service);
      steps.push({ name: 'ops server', step: () => closeServer(server), timeoutMs: 1_000 });
    }
    logger.info({ ops }, `${name} is up`);
    up = true;
    logger.info({ signal: await Promise.race([signalled, failing]) }, `${name} stops`);
  } catch (error) {
    failed = true;
    logger.fatal(
      { err: error },
      `${name} could not ${up ? 'go on' : 'start'}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  stopping.abort(new Error('the service stops'));
  for (const { name: stepName, step, timeoutMs } of steps.reverse()) {
    if (!(await runStep(stepName, step, timeoutMs, logger))) failed = true;
  }
  logger.info(`${name} stopped`);
  process.exitCode = failed ? 1 : 0;
  // A handle a library forgot must not keep a stopped service alive; unref keeps this from doing so itself.
  setTimeout(() => process.exit(), 1_000).unref();
}

function waitForSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let seen = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (seen) process.exit(1);
      seen = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

async function runStep(name: string, step: StopStep['step'], timeoutMs: number, logger: Logger): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(step), late]);
    return true;
  } catch (error) {
    logger.error({ err: error, step: name }, 'a shutdown step failed');
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function listen(
  address: { readonly host: string; readonly port: number },
  metrics: Registry,
  { isReady, tell = () => [] }: RunningService,
): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain'): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const route = async (): Promise<void> => {
      if (request.url === '/livez') return answer(200, 'ok\n');
      if (request.url === '/readyz')
        return (await isReady()) ? answer(200, ['ok', ...tell(), ''].join('\n')) : answer(503, 'not ready\n');
      if (request.url === '/metrics') return answer(200, await metrics.metrics(), metrics.contentType);
      return answer(404, 'not found\n');
    };
    route().catch((error: unknown) => answer(500, `${error instanceof Error ? error.message : 'failed'}\n`));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
