/**
 * `start.sh` after its preparations: brings Urumi up, says where to click, and stops it on Ctrl-C. The caller holds the
 * lock of the state folder, so whatever still runs from it belongs to a dead run.
 */
import { buildPlaces, findStateFolder } from './places.ts';
import { sayIfDockerAnswers } from './docker-note.ts';
import { readOptions } from './options.ts';
import { startPlatform, type Platform } from './platform.ts';
import { summarize } from './summarize.ts';
import { describeState } from './woocommerce/keeper.ts';

const began = performance.now();
const stopping = new AbortController();
const say = (line: string): void => void process.stdout.write(`[${clock()}] ${line}\n`);

process.exitCode = await run();
// Sockets of stopped processes may linger; the work is done and waited for.
process.exit();

async function run(): Promise<number> {
  listenForSignals();
  const places = buildPlaces(findStateFolder());
  let platform: Platform | null = null;
  let code = 0;
  try {
    platform = await startPlatform({
      ...readOptions(process.argv.slice(2)),
      places,
      storage: 'durable',
      archiveEnv: process.env,
      signal: stopping.signal,
      say,
    });
    sayWhereToClick(platform, places.token);
    sayIfDockerAnswers(say);
    platform.cluster.then(
      (cluster) => say(`The cluster takes stores. For kubectl: export KUBECONFIG=${cluster.kubeconfig}`),
      (error: unknown) => {
        if (stopping.signal.aborted) return;
        say(`The cluster could not be started. ${summarize(error)}`);
        code = 1;
        stopping.abort(error);
      },
    );
    await untilAborted(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) {
      process.stderr.write(`Urumi could not start: ${summarize(error)}\n`);
      code = 1;
    }
  }
  if (platform === null) return code;
  say('Stopping');
  try {
    await platform.stop();
  } catch (error) {
    process.stderr.write(`Not everything stopped in order: ${summarize(error)}\n`);
    return 1;
  }
  say('Stopped. Stores and orders are kept for the next start.');
  return code;
}

function sayWhereToClick(platform: Platform, tokenFile: string): void {
  process.stdout.write(
    [
      '',
      `  Dashboard   ${platform.url}`,
      `  Token       ${platform.token}`,
      `              (kept in ${tokenFile})`,
      `  Queue       ${platform.url}/admin/queues   (any user name, the token as password)`,
      `  ${describeState(platform.woocommerce)}`,
      '  Stop        Ctrl-C',
      '',
      '',
    ].join('\n'),
  );
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
