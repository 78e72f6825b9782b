/**
 * What a caller may choose about a cluster, checked once. Owns the defaults; decides nothing else.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `durable` keeps everything on disk between starts; `memory` lives on tmpfs and ends with `down`. */
export type Storage = 'durable' | 'memory';

/**
 * `real`: containers on this machine. `simulated`: a real control plane over nodes whose pods only pretend to run.
 * `mixed`: both in one cluster; only pods that ask for them go to the simulated nodes.
 */
export const NODE_KINDS = ['real', 'simulated', 'mixed'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface ClusterRequest {
  /** 1 to 20 of a-z, 0-9 and `-`, starting with a letter; every path, socket, cgroup and namespace is named by it. */
  name: string;
  storage?: Storage | undefined;
  /** `real` unless given. A cluster that runs, or has a state, keeps its own. */
  nodes?: NodeKind | undefined;
  /** State folder of a durable cluster; the user's state folder unless given. */
  stateDir?: string | undefined;
  /** Port of the API on loopback; 0 takes a free one. */
  apiPort?: number | undefined;
  /** Port of the ingress on loopback; 0 takes a free one. Simulated nodes have no ingress. */
  ingressPort?: number | undefined;
}

export interface ClusterOptions {
  name: string;
  storage: Storage;
  nodes: NodeKind;
  stateDir: string;
  apiPort: number;
  ingressPort: number;
}

const DEFAULT_API_PORT = 6443;
const DEFAULT_INGRESS_PORT = 8080;

/** Whether containers run, names resolve and an ingress listens. */
export function hasRealNode(nodes: NodeKind): boolean {
  return nodes !== 'simulated';
}

/** A choice that cannot work; the message says what would. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** @throws OptionError for a name, port or folder that cannot be used */
export function resolveOptions(request: ClusterRequest, env: NodeJS.ProcessEnv = process.env): ClusterOptions {
  if (!/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(request.name)) {
    throw new OptionError(
      `cluster name "${request.name}": use 1 to 20 lower-case letters, digits and "-", from a letter to a letter or digit`,
    );
  }
  const storage = request.storage ?? 'durable';
  if (storage === 'memory' && request.stateDir !== undefined) {
    throw new OptionError('a cluster in memory has no state folder of its own choice: leave out one of the two');
  }
  return {
    name: request.name,
    storage,
    nodes: request.nodes ?? 'real',
    stateDir: storage === 'memory' ? `/dev/shm/urumi-${request.name}` : durableStateDir(request, env),
    apiPort: checkedPort('API', request.apiPort ?? DEFAULT_API_PORT),
    ingressPort: checkedPort('ingress', request.ingressPort ?? DEFAULT_INGRESS_PORT),
  };
}

function durableStateDir(request: ClusterRequest, env: NodeJS.ProcessEnv): string {
  if (request.stateDir !== undefined) {
    const dir = resolve(request.stateDir);
    if (dir === '/' || /\s|"|'/.test(dir))
      throw new OptionError(`state folder "${dir}": no blanks, quotes, or "/" itself`);
    return dir;
  }
  const base = env['URUMI_STATE'] ?? join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'urumi');
  return join(base, 'clusters', request.name);
}

function checkedPort(what: string, port: number): number {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new OptionError(`${what} port ${port}: use 0 (a free one) to 65535`);
  }
  return port;
}
