/**
 * The supervisor's process: one per cluster, from `up` to `down`. Starts the components, restarts what crashes, offers
 * API and ingress on loopback, answers on the control socket. When it dies, its components die with it.
 *
 * Argument: a SupervisorOrder as JSON.
 */
import { mkdirSync } from 'node:fs';

import { writeFileAtomic } from '../base/files.ts';
import { readIdentity } from '../base/process-identity.ts';
import { messageOf } from '../base/wait.ts';
import { hasRealNode } from '../cluster/options.ts';
import { buildPaths } from '../cluster/paths.ts';
import { removeStateFolder } from '../cluster/state-folder.ts';
import { type Relay, startRelay } from '../network/relay.ts';
import { sweep } from '../sweep/sweep.ts';
import { bringUp } from './bring-up.ts';
import { Component, type ComponentSpec } from './component.ts';
import { ControlServer } from './control.ts';
import { shutDown } from './shut-down.ts';
import {
  ClusterFailure,
  type ClusterState,
  type Failure,
  type SupervisorOrder,
  type SupervisorRecord,
} from './state.ts';

const LOG_CHECK_MS = 60_000;

const order = JSON.parse(process.argv[2] ?? '{}') as SupervisorOrder;
const { options } = order;
const paths = buildPaths(options.name, options.stateDir);
const components = new Map<string, Component>();
const stopping = new AbortController();
const state: ClusterState = {
  phase: 'starting',
  stages: [],
  apiPort: options.apiPort,
  ingressPort: options.ingressPort,
  progress: null,
  failure: null,
  components: [],
};
const control = new ControlServer(
  () => state,
  () => stopping.abort(),
);

await main();

async function main(): Promise<void> {
  const self = readIdentity(process.pid);
  if (self === null) throw new Error('/proc does not show this process');
  mkdirSync(paths.runDir, { recursive: true, mode: 0o700 });
  writeFileAtomic(paths.supervisorFile, JSON.stringify({ ...self, options } satisfies SupervisorRecord));
  await control.listen(paths.controlSocket);
  process.on('SIGTERM', () => stopping.abort());
  // A fault of ours ends the cluster in order instead of leaving its pods to the next sweep.
  process.on('uncaughtException', (error) => {
    log(error.stack ?? error.message);
    process.exitCode = 1;
    stopping.abort();
  });
  process.on('SIGINT', () => stopping.abort());
  if (order.isOwned) {
    process.stdin.resume();
    process.stdin.once('close', () => stopping.abort());
  }

  const relays: Relay[] = [];
  try {
    relays.push(await offer('API', options.apiPort, paths.apiSocket));
    state.apiPort = portOf(relays[0]);
    if (hasRealNode(options.nodes)) {
      relays.push(await offer('ingress', options.ingressPort, paths.ingressSocket));
      state.ingressPort = portOf(relays[1]);
    }
    await bringUp({
      options,
      paths,
      apiPort: state.apiPort,
      start,
      signal: stopping.signal,
      onProgress: (progress) => change({ progress }),
      onStage: (stage) => change({ stages: [...state.stages, stage] }),
    });
    change({ phase: 'running' });
    log('running');
    const trimming = setInterval(() => components.forEach((component) => component.trimLog()), LOG_CHECK_MS);
    await stopped();
    clearInterval(trimming);
  } catch (error) {
    if (!stopping.signal.aborted) {
      process.exitCode = 1;
      log(messageOf(error));
      change({ phase: 'failed', failure: failureOf(error) });
    }
  }
  if (state.phase !== 'failed') change({ phase: 'stopping' });
  stopping.abort();
  log('stopping');
  if (options.storage === 'durable') await shutDown({ components, paths, log });
  await Promise.all([...components.values()].map((component) => component.stop(0)));
  await Promise.all(relays.map((relay) => relay.close()));
  await sweep(paths);
  // After a failure the logs stay for the person to read; the next start or stop removes them.
  if (options.storage === 'memory' && state.failure === null) await removeStateFolder(paths);
  process.exit();
}

function start(spec: ComponentSpec): Component {
  stopping.signal.throwIfAborted();
  const component = new Component(spec, paths, () => {
    const identities = [...components.values()].flatMap(({ identity }) => (identity === null ? [] : [identity]));
    writeFileAtomic(paths.processesFile, JSON.stringify(identities));
    change({ components: [...components.values()].map((one) => one.status()) });
  });
  components.set(spec.name, component);
  component.start();
  return component;
}

async function offer(what: string, port: number, path: string): Promise<Relay> {
  try {
    return await startRelay({ host: '127.0.0.1', port }, { path });
  } catch (error) {
    const message = `port ${port} on loopback cannot be used (${messageOf(error)}): choose another, or 0 for a free one`;
    throw new ClusterFailure({ component: what, message, logFile: null, logTail: [] });
  }
}

function portOf(relay: Relay | undefined): number {
  if (relay === undefined || !('port' in relay.address)) throw new Error('a relay on loopback has a port');
  return relay.address.port;
}

function change(part: Partial<ClusterState>): void {
  Object.assign(state, part);
  control.publish();
}

function failureOf(error: unknown): Failure {
  if (error instanceof ClusterFailure) return error.failure;
  return { component: 'supervisor', message: messageOf(error), logFile: null, logTail: [] };
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.signal.aborted) resolve();
    else stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function log(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}
