/** Finds a cluster on this machine by its name: its supervisor's record, and whether that supervisor lives. */
import { readJson } from '../base/files.ts';
import { isRunning } from '../base/process-identity.ts';
import type { SupervisorRecord } from '../supervise/state.ts';
import { type ClusterRequest, type ClusterOptions, resolveOptions } from './options.ts';
import { buildPaths, type ClusterPaths } from './paths.ts';

interface FoundCluster {
  options: ClusterOptions;
  paths: ClusterPaths;
  /** The living supervisor; null when the cluster is stopped, or died. */
  supervisor: SupervisorRecord | null;
}

/**
 * @param request  the name decides; the rest counts only for a cluster of which no run has left a record
 * @throws OptionError for a name or folder that cannot be
 */
export function findCluster(request: ClusterRequest): FoundCluster {
  const asked = resolveOptions(request);
  const record = readJson(buildPaths(asked.name, asked.stateDir).supervisorFile) as SupervisorRecord | null;
  const options = record?.options ?? asked;
  const supervisor = record !== null && isRunning(record) ? record : null;
  return { options, paths: buildPaths(options.name, options.stateDir), supervisor };
}
