/** Finds a cluster on this machine by its name: its supervisor's record, and whether that supervisor lives. */
import { readJson } from '../base/files.ts';
import { isRunning } from '../base/process-identity.ts';
import type { SupervisorRecord } from '../supervise/state.ts';
import { type ClusterRequest, type ClusterOptions, OptionError, resolveOptions } from './options.ts';
import { buildPaths, type ClusterPaths } from './paths.ts';

export interface FoundCluster {
  options: ClusterOptions;
  paths: ClusterPaths;
  /** The living supervisor; null when the cluster is stopped, or died. */
  supervisor: SupervisorRecord | null;
  /** The record of a cluster that has this name but another state folder than the request names: not ours to touch. */
  other: SupervisorRecord | null;
}

/**
 * @param request  the name and, when it says which, the state folder decide; the rest counts only for a cluster of
 *   which no run has left a record
 * @throws OptionError for a name or folder that cannot be
 */
export function findCluster(request: ClusterRequest): FoundCluster {
  const asked = resolveOptions(request);
  const record = readJson(buildPaths(asked.name, asked.stateDir).supervisorFile) as SupervisorRecord | null;
  return matchRecord({ request, asked, record, isAlive: record !== null && isRunning(record) });
}

/** Decides whether a record is of the cluster that was asked for. Pure. */
export function matchRecord(input: {
  request: ClusterRequest;
  asked: ClusterOptions;
  record: SupervisorRecord | null;
  isAlive: boolean;
}): FoundCluster {
  const { request, asked, record, isAlive } = input;
  // Without a folder of its own choice, a durable request means whatever cluster has the name.
  const namesFolder = request.stateDir !== undefined || asked.storage === 'memory';
  const isOther = record !== null && namesFolder && record.options.stateDir !== asked.stateDir;
  const options = record === null || isOther ? asked : record.options;
  return {
    options,
    paths: buildPaths(options.name, options.stateDir),
    supervisor: isAlive && !isOther ? record : null,
    other: isOther ? record : null,
  };
}

/** @throws OptionError when a cluster of the same name with another state folder runs */
export function refuseOther({ options, other }: FoundCluster): void {
  if (other === null || !isRunning(other)) return;
  throw new OptionError(`cluster "${options.name}" runs with the state ${other.options.stateDir}: stop it first`);
}
