/** Installs charts/platform, whole, into a cluster of this machine, as an operator would on any cluster. */
import { join } from 'node:path';
import { runCommand } from '@urumi/embedded/base/run-command';
import { NODE_ADDRESS } from '@urumi/embedded/cluster/addresses';
import type { Cluster } from '@urumi/embedded/cluster/up';
import type { BuiltImage } from '@urumi/images/build';
import { projectFolder } from './places.ts';
import { buildStoreValues } from './store-values.ts';
import { summarize } from './summarize.ts';

export const release = { name: 'urumi', namespace: 'urumi-system', host: 'urumi.localhost' } as const;

/** The release's objects that make pods, in the order in which they are waited for. */
const workloads = [
  'statefulset/urumi-redis',
  'deployment/urumi-api',
  'deployment/urumi-worker',
  'deployment/urumi-reconciler',
];
const rolloutTimeoutMs = 300_000;

export interface ChartInstall {
  /** Port on loopback under which dashboard and shops answer. */
  readonly ingressPort: number;
  /** Images of the shops, as they were loaded. */
  readonly shopImages: readonly BuiltImage[];
  /** Whether the services' image has become another since the last install. */
  readonly isNewImage: boolean;
  /** Values over those of this machine. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/**
 * Makes the release, or brings it up to this checkout. Returns when every pod is ready. Safe to repeat after an abort.
 *
 * @throws CommandError with what helm or the cluster says, the abort reason
 */
export async function installPlatformChart(cluster: Cluster, install: ChartInstall): Promise<void> {
  const { signal } = install;
  const inNamespace = (...args: string[]) => ['--namespace', release.namespace, ...args];
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: release.namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: JSON.stringify(namespace), signal });
  // An install that was killed would be "in progress" for ever; nobody else installs while the launcher's lock is held.
  const pending = `owner=helm,name=${release.name},status in (pending-install,pending-upgrade,pending-rollback)`;
  await cluster.kubectl(inNamespace('delete', 'secret', '--selector', pending), { signal });
  const before = await cluster.kubectl(inNamespace('get', 'deployment', '--output', 'name'), { signal });

  const chart = join(projectFolder, 'charts', 'platform');
  const machine = {
    probe: { address: `${NODE_ADDRESS}:80` },
    exposure: { host: release.host },
    stores: await buildStoreValues(install.ingressPort, install.shopImages),
    ...install.values,
  };
  const place = ['--namespace', release.namespace, '--kubeconfig', cluster.kubeconfig];
  const values = ['--values', join(chart, 'values-local.yaml'), '--values', '-'];
  await runCommand(join(cluster.binDir, 'helm'), ['upgrade', '--install', release.name, chart, ...place, ...values], {
    input: JSON.stringify(machine),
    timeoutMs: 120_000,
    signal,
  });
  // The image's name stays the same, so nothing else tells the pods.
  if (install.isNewImage && before.stdout.trim() !== '') {
    await cluster.kubectl(inNamespace('rollout', 'restart', 'deployment'), { signal });
  }
  for (const workload of workloads) await awaitRollout(cluster, workload, signal);
}

/** @throws Error with the pods and their last words, the abort reason */
async function awaitRollout(cluster: Cluster, workload: string, signal: AbortSignal): Promise<void> {
  const place = [workload, '--namespace', release.namespace];
  const timeout = `--timeout=${rolloutTimeoutMs / 1000}s`;
  try {
    await cluster.kubectl(['rollout', 'status', ...place, timeout], { timeoutMs: rolloutTimeoutMs + 10_000, signal });
  } catch (error) {
    signal.throwIfAborted();
    const look = async (...args: string[]): Promise<string> =>
      (await cluster.kubectl(args, { signal }).catch((failure: unknown) => ({ stdout: summarize(failure) }))).stdout;
    const pods = await look('get', 'pods', '--namespace', release.namespace);
    const words = await look('logs', ...place, '--tail=3');
    throw new Error(`${workload} does not become ready:\n${pods}${words}`, { cause: error });
  }
}

/** The first admin's token, which the chart made. */
export async function readAdminToken(cluster: Cluster): Promise<string> {
  const secret = ['secret', `${release.name}-auth`, '--namespace', release.namespace];
  const { stdout } = await cluster.kubectl(['get', ...secret, '--output', 'jsonpath={.data.token}']);
  return Buffer.from(stdout, 'base64').toString();
}
