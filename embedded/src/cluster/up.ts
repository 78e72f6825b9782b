/**
 * Starts a cluster, or joins one that is starting or running. The work is done by a supervisor process; this side
 * orders it, passes its progress on, and hands out what the cluster offers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

import { tailOf } from '../base/files.ts';
import { withLock } from '../base/lock.ts';
import { isRunning, killGroup, waitForEnd } from '../base/process-identity.ts';
import { type CommandOptions, type CommandOutput, runCommand, systemEnvironment } from '../base/run-command.ts';
import { sleep, waitUntil } from '../base/wait.ts';
import { type LoadedImage, loadImage } from '../node/load-image.ts';
import { converse } from '../supervise/control.ts';
import type { Progress } from '../supervise/progress.ts';
import { ClusterFailure, type ClusterState, type Stage, type SupervisorOrder } from '../supervise/state.ts';
import { sweep } from '../sweep/sweep.ts';
import { down, stopAndClear } from './down.ts';
import { findCluster, refuseOther } from './find.ts';
import {
  type ClusterOptions,
  type ClusterRequest,
  hasRealNode,
  type NodeKind,
  OptionError,
  resolveOptions,
} from './options.ts';
import { buildPaths, type ClusterPaths } from './paths.ts';
import { checkRequirements } from './requirements.ts';
import { claimStateFolder, removeStateFolder } from './state-folder.ts';

const SUPERVISOR_TIMEOUT_MS = 20_000;
const STOPPING_TIMEOUT_MS = 60_000;
const ENDED_LOOK_MS = 500;

export interface UpRequest extends ClusterRequest {
  /** Removes the state of earlier runs first: volumes and all. */
  fresh?: boolean | undefined;
  /**
   * `caller`: the cluster is stopped when this process ends, in whatever way; `nobody` (unless given): it runs until
   * `down`.
   */
  owner?: 'caller' | 'nobody' | undefined;
  /** The stage after which `up` returns; the last unless given: `ingress`, with simulated nodes `cluster`. */
  until?: Stage | undefined;
}

export interface UpIo {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Cluster {
  name: string;
  nodes: NodeKind;
  stateDir: string;
  /** Of the administrator, for loopback. Other identities: `writeKubeconfig`. */
  kubeconfig: string;
  apiUrl: string;
  /** With simulated nodes nothing listens there. */
  ingress: { host: string; port: number };
  /** Holds kubectl, helm and the rest by their plain names; each appears when its build has ended. */
  binDir: string;
  /** Waits for a later stage. @throws ClusterFailure when the cluster fails or is stopped before */
  waitFor(stage: Stage, io?: UpIo): Promise<void>;
  loadImage(tar: string, signal?: AbortSignal): Promise<LoadedImage>;
  /** Runs kubectl as the administrator. @throws CommandError */
  kubectl(args: readonly string[], options?: CommandOptions): Promise<CommandOutput>;
  /** Settles when the cluster has ended, whoever ended it. */
  ended(signal?: AbortSignal): Promise<void>;
  /** Stops the cluster. A durable one keeps its state, one in memory is gone. */
  down(io?: UpIo): Promise<void>;
}

/**
 * Brings the cluster up to a stage. On a running cluster it changes nothing and returns at once.
 *
 * An abort stops a cluster that this call began to start; one that was there before is left alone.
 *
 * @throws OptionError for a request that cannot work, ClusterFailure with the component to blame and its log's end,
 *   the abort reason
 */
export async function up(request: UpRequest, io: UpIo = {}): Promise<Cluster> {
  const options = resolveOptions(request);
  checkRequirements();
  const { child, running } = await withLock(pathsOf(options).lockFile, io.signal, async () => {
    refuseOther(findCluster(requestOf(options)));
    if (request.fresh === true) await removeAll(options, io.signal);
    return joinOrStart(options, { owner: request.owner ?? 'nobody', nodes: request.nodes, signal: io.signal });
  });
  try {
    const stage = request.until ?? (hasRealNode(running.nodes) ? 'ingress' : 'cluster');
    return describe(running, await untilStage({ options: running, stage, io }));
  } catch (error) {
    if (child !== null && io.signal?.aborted === true) await down(requestOf(running));
    throw error;
  } finally {
    if (child !== null && (request.owner ?? 'nobody') === 'nobody') child.unref();
  }
}

/** A cluster that runs already. @returns null when it does not */
export async function attach(request: ClusterRequest, io: UpIo = {}): Promise<Cluster | null> {
  const { options, supervisor } = findCluster(request);
  if (supervisor === null) return null;
  return describe(options, await untilStage({ options, stage: 'cluster', io }));
}

async function removeAll(options: ClusterOptions, signal: AbortSignal | undefined): Promise<void> {
  await stopAndClear(requestOf(options), signal);
  await removeStateFolder(pathsOf(options));
}

/** The request that leads to these options again. */
function requestOf(options: ClusterOptions): ClusterRequest {
  return options.storage === 'memory' ? { ...options, stateDir: undefined } : options;
}

function pathsOf(options: ClusterOptions): ClusterPaths {
  return buildPaths(options.name, options.stateDir);
}

async function joinOrStart(
  options: ClusterOptions,
  {
    owner,
    nodes,
    signal,
  }: { owner: 'caller' | 'nobody'; nodes: NodeKind | undefined; signal: AbortSignal | undefined },
): Promise<{ child: ChildProcess | null; running: ClusterOptions }> {
  const found = findCluster(requestOf(options));
  if (found.supervisor !== null) {
    const phase = await readPhase(found.paths);
    if (phase === 'starting' || phase === 'running') {
      refuseOtherNodes(found.options, nodes);
      return { child: null, running: found.options };
    }
    await waitForEnd(found.supervisor, STOPPING_TIMEOUT_MS, signal);
  }
  const paths = pathsOf(options);
  // What a dead cluster of this name left is in our way, whosever it was; its state stays.
  if (found.other !== null) await sweep(pathsOf(found.other.options));
  await sweep(paths);
  claimStateFolder(paths, options);
  return { child: await startSupervisor({ options, isOwned: owner === 'caller' }, paths, signal), running: options };
}

/** @throws OptionError when the cluster that runs has another kind of nodes than the one asked for */
function refuseOtherNodes(running: ClusterOptions, asked: NodeKind | undefined): void {
  if (asked === undefined || asked === running.nodes) return;
  throw new OptionError(
    `cluster "${running.name}" runs with ${running.nodes} nodes: stop it first, or choose another name`,
  );
}

async function readPhase(paths: ClusterPaths): Promise<ClusterState['phase'] | 'gone'> {
  let phase: ClusterState['phase'] | 'gone' = 'gone';
  const read = (state: ClusterState) => {
    phase = state.phase;
    return true;
  };
  // Nobody listens any more: it is on its way out.
  await converse({ socket: paths.controlSocket, request: { op: 'follow' }, onState: read }).catch(() => 'gone');
  return phase;
}

/** On a failure or an abort no supervisor is left: one that came up later would belong to nobody. */
async function startSupervisor(
  order: SupervisorOrder,
  paths: ClusterPaths,
  signal: AbortSignal | undefined,
): Promise<ChildProcess> {
  const logs = join(paths.stateDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, 'supervisor.log');
  const child = spawnSupervisor(order, logFile);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await once(child, 'spawn');
    await untilAnswering({ child, paths, logFile, signal });
    return child;
  } catch (error) {
    if (child.pid !== undefined && !hasEnded(child)) {
      killGroup(child.pid);
      await ended;
    }
    await sweep(paths);
    // After a failure its log stays for the person to read.
    if (order.options.storage === 'memory' && signal?.aborted === true) await removeStateFolder(paths);
    throw error;
  }
}

function spawnSupervisor(order: SupervisorOrder, logFile: string): ChildProcess {
  const log = openSync(logFile, 'w');
  const program = join(import.meta.dirname, '..', 'supervise', 'supervisor.ts');
  try {
    return spawn(process.execPath, [program, JSON.stringify(order)], {
      // The pipe is never written to: its end tells an owned supervisor that we are gone, even by kill -9.
      stdio: [order.isOwned ? 'pipe' : 'ignore', log, log],
      env: systemEnvironment(),
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** @throws ClusterFailure when the supervisor ends first, WaitTimeout, the abort reason */
async function untilAnswering(input: {
  child: ChildProcess;
  paths: ClusterPaths;
  logFile: string;
  signal: AbortSignal | undefined;
}): Promise<void> {
  const { child, paths, logFile, signal } = input;
  await waitUntil({
    what: 'supervisor',
    timeoutMs: SUPERVISOR_TIMEOUT_MS,
    intervalMs: 20,
    signal,
    check: () => existsSync(paths.controlSocket) || hasEnded(child),
  });
  if (!hasEnded(child) || existsSync(paths.controlSocket)) return;
  const message = `it ended with ${child.signalCode ?? `code ${child.exitCode}`}`;
  throw new ClusterFailure({ component: 'supervisor', message, logFile, logTail: tailOf(logFile, 8) });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function untilStage(input: { options: ClusterOptions; stage: Stage; io: UpIo }): Promise<ClusterState> {
  const { options, stage, io } = input;
  if (stage === 'ingress' && !hasRealNode(options.nodes)) throw new OptionError('simulated nodes have no ingress');
  const paths = pathsOf(options);
  let last: ClusterState | null = null;
  let reported = '';
  await converse({
    socket: paths.controlSocket,
    request: { op: 'follow' },
    signal: io.signal,
    onState: (state) => {
      last = state;
      const news = JSON.stringify(state.progress);
      if (state.progress !== null && news !== reported && state.phase === 'starting') io.onProgress?.(state.progress);
      reported = news;
      return state.failure !== null || state.stages.includes(stage);
    },
  });
  const state = last as ClusterState | null;
  if (state?.failure) throw new ClusterFailure(state.failure);
  if (state === null || !state.stages.includes(stage)) {
    const logFile = join(paths.logsDir, 'supervisor.log');
    const message = 'the cluster was stopped while it was starting';
    throw new ClusterFailure({ component: 'supervisor', message, logFile, logTail: tailOf(logFile, 8) });
  }
  return state;
}

function describe(options: ClusterOptions, state: ClusterState): Cluster {
  const paths = pathsOf(options);
  return {
    name: paths.name,
    nodes: options.nodes,
    stateDir: paths.stateDir,
    kubeconfig: paths.kubeconfig,
    apiUrl: `https://127.0.0.1:${state.apiPort}`,
    ingress: { host: '127.0.0.1', port: state.ingressPort },
    binDir: paths.binDir,
    waitFor: async (stage, io = {}) => void (await untilStage({ options, stage, io })),
    loadImage: (tar, signal) => loadImage(paths, tar, signal),
    kubectl: (args, options) =>
      runCommand(join(paths.binDir, 'kubectl'), ['--kubeconfig', paths.kubeconfig, ...args], options),
    ended: async (signal) => {
      const { supervisor } = findCluster(requestOf(options));
      if (supervisor === null) return;
      while (isRunning(supervisor)) await sleep(ENDED_LOOK_MS, signal);
    },
    down: async (io) => void (await down(requestOf(options), io)),
  };
}
