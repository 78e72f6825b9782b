/** Installs the cluster roles of charts/platform and gives every service a kubeconfig of its own identity. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '@urumi/embedded/cluster/up';
import { writeKubeconfig } from '@urumi/embedded/cluster/identity';
import { projectFolder, type Places } from './places.ts';
import { serviceNames, toClusterUser, toKubeconfigPath } from './services.ts';

const renderTimeoutMs = 60_000;

export async function installRoles(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const chart = join(projectFolder, 'charts', 'platform');
  const { stdout } = await promisify(execFile)(
    join(cluster.binDir, 'helm'),
    ['template', 'urumi', chart, '--namespace', 'urumi-system', '-f', join(chart, 'values-embedded.yaml')],
    { timeout: renderTimeoutMs, maxBuffer: 10_000_000, signal },
  );
  await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: stdout, signal });
}

/** New certificates at every start: a kubeconfig of an earlier run is of no use to anybody. */
export async function writeIdentities(cluster: Cluster, places: Places, signal: AbortSignal): Promise<void> {
  for (const service of serviceNames) {
    const file = toKubeconfigPath(places, service);
    await writeKubeconfig(cluster, { user: toClusterUser(service), groups: ['urumi:services'], file }, signal);
  }
}
