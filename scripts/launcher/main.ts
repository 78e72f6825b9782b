/**
 * `start.sh` after its preparations: brings Urumi up, says where to click, and stops it on Ctrl-C. The caller holds the
 * lock of the state folder, so whatever still runs from it belongs to a dead run.
 */
import { join } from 'node:path';
import type { Cluster } from '@urumi/embedded/cluster/up';
import { sayIfDockerAnswers } from './docker-note.ts';
import { startInCluster } from './in-cluster.ts';
import { readOptions, type Options } from './options.ts';
import { buildPlaces, findStateFolder } from './places.ts';
import { release } from './platform-chart.ts';
import { startPlatform } from './platform.ts';
import { awaitOldRedis, writeNote } from './running.ts';
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
  let running: Running | null = null;
  let code = 0;
  try {
    const { inCluster, ...options } = readOptions(process.argv.slice(2));
    running = await (inCluster ? startInside(options) : startBeside(options));
    process.stdout.write(`\n${running.lines.map((line) => `  ${line}\n`).join('')}\n\n`);
    sayIfDockerAnswers(say);
    running.cluster.then(
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
  if (running === null) return code;
  say('Stopping');
  try {
    await running.stop();
  } catch (error) {
    process.stderr.write(`Not everything stopped in order: ${summarize(error)}\n`);
    return 1;
  }
  say('Stopped. Stores and orders are kept for the next start.');
  return code;
}

interface Running {
  /** Where to click, with which token. */
  readonly lines: readonly string[];
  /** Resolves when it takes stores. */
  readonly cluster: Promise<Cluster>;
  stop(): Promise<void>;
}

type StartOptions = Omit<Options, 'inCluster'>;

/** Services, dashboard and Redis as processes beside the cluster. */
async function startBeside(options: StartOptions): Promise<Running> {
  const places = buildPlaces(findStateFolder());
  const common = { storage: 'durable', archiveEnv: process.env, signal: stopping.signal, say } as const;
  const platform = await startPlatform({ ...options, ...common, places });
  const lines = [
    `Dashboard   ${platform.url}`,
    `Token       ${platform.token}`,
    `            (kept in ${places.token})`,
    `Queue       ${platform.url}/admin/queues   (any user name, the token as password)`,
    describeState(platform.woocommerce),
    'Stop        Ctrl-C',
  ];
  return { lines, cluster: platform.cluster, stop: () => platform.stop() };
}

/** Everything in the cluster, installed by the chart; with records, and so a state, of its own. */
async function startInside(options: StartOptions): Promise<Running> {
  const state = findStateFolder();
  await awaitOldRedis(buildPlaces(state));
  const places = buildPlaces(join(state, 'in-cluster'));
  const urumi = await startInCluster({ ...options, places, storage: 'durable', signal: stopping.signal, say });
  await writeNote(buildPlaces(state), urumi.url, null);
  const { namespace, name } = release;
  const lines = [
    `Dashboard   ${urumi.url}`,
    `Token       ${urumi.token}`,
    `Queue       ${urumi.url}/admin/queues   (any user name, the token as password)`,
    `Check       helm test ${name} --namespace ${namespace}`,
    `Scale       kubectl --namespace ${namespace} scale deployment/${name}-worker --replicas=2`,
    `Programs    export PATH=${urumi.cluster.binDir}:$PATH KUBECONFIG=${urumi.cluster.kubeconfig}`,
    'Stop        Ctrl-C',
  ];
  return { lines, cluster: Promise.resolve(urumi.cluster), stop: () => urumi.stop() };
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
