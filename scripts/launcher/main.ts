/** `start.sh` after its preparations: reads the options, brings Urumi up, says where to click, and stops it on Ctrl-C. */
import { parseArgs } from 'node:util';
import { buildPlaces, findStateFolder } from './places.ts';
import { sayIfDockerAnswers } from './docker-note.ts';
import { startPlatform, type Platform } from './platform.ts';
import { isPortFree } from './ports.ts';
import { summarize } from './summarize.ts';
import { readNote, takeLauncherLock } from './running.ts';

interface Options {
  readonly httpPort: number;
  readonly ingressPort: number;
  readonly fresh: boolean;
}

const began = performance.now();
const stopping = new AbortController();
const say = (line: string): void => void process.stdout.write(`[${clock()}] ${line}\n`);

process.exitCode = await run();
// Sockets of stopped processes may linger; the work is done and waited for.
process.exit();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const places = buildPlaces(findStateFolder());
  const lock = await takeLauncherLock(places);
  if (lock === null) {
    const note = await readNote(places);
    process.stdout.write(
      `Urumi is running already${note ? ` at ${note.url}` : ''}. Stop it with Ctrl-C where it was started.\n`,
    );
    return 0;
  }
  try {
    for (const [port, option] of [
      [options.httpPort, '--port'],
      [options.ingressPort, '--shop-port'],
    ] as const) {
      if (await isPortFree(port)) continue;
      process.stderr.write(`Port ${port} is in use on this machine. Free it, or choose another with ${option}.\n`);
      return 1;
    }
    return await serve(options, places);
  } finally {
    await lock.release();
  }
}

async function serve(options: Options, places: ReturnType<typeof buildPlaces>): Promise<number> {
  listenForSignals();
  let platform: Platform | null = null;
  try {
    platform = await startPlatform({
      ...options,
      places,
      clusterName: 'urumi',
      storage: 'durable',
      signal: stopping.signal,
      say,
    });
    process.stdout.write(
      [
        '',
        `  Dashboard   ${platform.url}`,
        `  Token       ${platform.token}`,
        `              (kept in ${places.token})`,
        `  Queue       ${platform.url}/admin/queues   (any user name, the token as password)`,
        '  Stop        Ctrl-C',
        '',
        '',
      ].join('\n'),
    );
    sayIfDockerAnswers(say);
    platform.cluster.then(
      (cluster) => say(`The cluster takes stores. For kubectl: export KUBECONFIG=${cluster.kubeconfig}`),
      (error: unknown) => {
        if (stopping.signal.aborted) return;
        say(`The cluster could not be started. ${summarize(error)}`);
        process.exitCode = 1;
        stopping.abort(error);
      },
    );
    await untilAborted(stopping.signal);
    return process.exitCode === 1 ? 1 : 0;
  } catch (error) {
    if (stopping.signal.aborted) return 0;
    process.stderr.write(`Urumi could not start: ${summarize(error)}\n`);
    return 1;
  } finally {
    say('Stopping');
    await platform?.stop();
    say('Stopped. Stores and orders are kept for the next start.');
  }
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        'shop-port': { type: 'string' },
        fresh: { type: 'boolean', default: false },
      },
    });
    return {
      httpPort: parsePort('--port', values.port ?? '3000'),
      ingressPort: parsePort('--shop-port', values['shop-port'] ?? '8080'),
      fresh: values.fresh,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee ./start.sh --help\n`);
    return null;
  }
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${option} takes a number from 1 to 65535, not "${text}".`);
  return port;
}

/** The first signal stops in order; the third ends this process at once, and the kernel its children. */
function listenForSignals(): void {
  let count = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      count += 1;
      if (count >= 3) process.exit(130);
      stopping.abort(new Error('stopped by a signal'));
    });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // The timer keeps the process alive: a pending promise alone does not.
  const alive = setInterval(() => undefined, 1 << 30);
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}

function clock(): string {
  const seconds = Math.round((performance.now() - began) / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, ' ')}:${String(seconds % 60).padStart(2, '0')}`;
}
