/**
 * Starts a cluster's components in order and says when each stage is reached. Owns the order and the time limits;
 * what each component is stands in its own file.
 */
import { dnsSpec, buildDnsObjects } from '../addons/dns.ts';
import { buildBinding } from '../addons/access.ts';
import { buildIngressObjects, ingressSpec } from '../addons/ingress.ts';
import { buildPolicyObjects, policySpec } from '../addons/network-policy.ts';
import { buildStorageObjects, provisionerSpec } from '../addons/storage.ts';
import { supplyBinaries, type BinarySupply } from '../binaries/supply.ts';
import {
  API_PORT,
  DNS_READY_PORT,
  INGRESS_PING_PORT,
  INGRESS_PORT,
  KUBELET_HEALTH_PORT,
  NODE_ADDRESS,
  PROXY_HEALTH_PORT,
} from '../cluster/addresses.ts';
import { type ClusterOptions, hasRealNode, type NodeKind } from '../cluster/options.ts';
import type { ClusterPaths } from '../cluster/paths.ts';
import { apiserverSpec } from '../control-plane/apiserver.ts';
import { controllerManagerSpec, schedulerSpec } from '../control-plane/controllers.ts';
import { etcdSpec } from '../control-plane/etcd.ts';
import { KubeClient } from '../kube/client.ts';
import { readKubeconfig } from '../kube/kubeconfig.ts';
import { makeNamespace, prepareHost } from '../network/namespace.ts';
import { insideRelaysSpec } from '../network/relays-spec.ts';
import { holdRoutes } from '../network/routes.ts';
import { makeCgroup } from '../node/cgroups.ts';
import { containerdSpec } from '../node/containerd.ts';
import { kubeProxySpec } from '../node/kube-proxy.ts';
import { kubeletSpec } from '../node/kubelet.ts';
import { loadImage, runCtr } from '../node/load-image.ts';
import { buildNodeAccess } from '../node/node-access.ts';
import { withPauseImage } from '../node/pause-image.ts';
import { ensureCertificates } from '../pki/certificates.ts';
import { ensureEncryptionKey } from '../pki/encryption.ts';
import { playSimulatedNodes, startSimulatedNodes } from '../simulated/start.ts';
import { type Component, type ComponentSpec } from './component.ts';
import { makeFolders, writeAdminKubeconfig, writeConfiguration } from './configure.ts';
import { isApiReady, isHealthy, isNodeReady } from './health.ts';
import { ProgressBoard, type Progress, type Step } from './progress.ts';
import { blame, built, untilReady } from './ready.ts';
import type { Stage } from './state.ts';

export interface BringUp {
  options: ClusterOptions;
  paths: ClusterPaths;
  /** Port on which the API is offered outside. */
  apiPort: number;
  start: (spec: ComponentSpec) => Component;
  onProgress: (progress: Progress) => void;
  onStage: (stage: Stage) => void;
  signal: AbortSignal;
}

/** What the nodes of each kind are started with. */
export interface Start {
  input: BringUp;
  supply: BinarySupply;
  board: ProgressBoard;
  client: KubeClient;
  api: Component;
}

const FIRST_STEPS: readonly Step[] = [
  { id: 'network', label: 'Certificates, configuration, network', seconds: 2 },
  { id: 'api', label: 'Kubernetes API', seconds: 5 },
];

const REAL_STEPS: readonly Step[] = [
  { id: 'runtime', label: 'Container runtime', seconds: 2 },
  { id: 'node', label: 'Node', seconds: 6 },
  { id: 'services', label: 'Names and storage', seconds: 2 },
  { id: 'ingress', label: 'Ingress', seconds: 2 },
];

const SIMULATED_STEP: Step = { id: 'simulated', label: 'Simulated nodes', seconds: 2 };

/** Each kind of nodes: what a start reports, and how its nodes come up on a control plane that answers. */
const KINDS: Readonly<Record<NodeKind, { steps: readonly Step[]; startNodes: (start: Start) => Promise<unknown> }>> = {
  real: { steps: [...FIRST_STEPS, ...REAL_STEPS], startNodes: startRealNode },
  simulated: { steps: [...FIRST_STEPS, SIMULATED_STEP], startNodes: startSimulatedNodes },
  mixed: {
    steps: [...FIRST_STEPS, SIMULATED_STEP, ...REAL_STEPS],
    startNodes: (start) => Promise.all([startRealNode(start), playSimulatedNodes(start)]),
  },
};

/** @throws ClusterFailure with the component to blame */
export async function bringUp(input: BringUp): Promise<void> {
  const { paths, signal } = input;
  const { nodes } = input.options;
  let board: ProgressBoard | null = null;
  const supply = await blame('builds', null, () =>
    supplyBinaries({
      nodes,
      linkDir: paths.binDir,
      onProgress: ({ group, done, total }) => board?.update(`build-${group}`, done, total),
      signal,
    }),
  );
  const builds = supply.missing.map((group) => ({
    id: `build-${group.name}`,
    label: `Build ${group.label}`,
    seconds: group.secondsExpected,
  }));
  board = new ProgressBoard({
    steps: [...builds, ...KINDS[nodes].steps],
    now: () => performance.now(),
    report: input.onProgress,
  });

  await board.run('network', () => blame('network', null, () => prepare(input)));
  const { startNodes } = KINDS[nodes];
  if (!hasRealNode(nodes)) {
    await startControlPlane(input, supply, board, startNodes);
    input.onStage('cluster');
    return;
  }
  await Promise.all([
    board.run('runtime', () => startRuntime(input)),
    startControlPlane(input, supply, board, startNodes),
  ]);
  input.onStage('cluster');

  const ingress = input.start(ingressSpec({ command: await built(supply, 'traefik', 'traefik'), paths }));
  await board.run('ingress', () => untilReady(ingress, () => isHealthy(paths.ingressPingSocket, '/ping'), signal));
  input.onStage('ingress');
}

async function prepare(input: BringUp): Promise<void> {
  const { paths, signal } = input;
  await makeFolders(paths);
  await ensureCertificates(paths.pkiDir, signal);
  await ensureEncryptionKey(paths.pkiDir);
  await writeConfiguration(paths);
  await writeAdminKubeconfig(paths, input.apiPort);
  if (hasRealNode(input.options.nodes)) {
    await prepareHost(signal);
    makeCgroup(paths.cgroup);
  }
  await makeNamespace(paths, signal);
  await holdRoutes(signal);
}

async function startRuntime(input: BringUp): Promise<void> {
  const { paths, signal } = input;
  const containerd = input.start(containerdSpec(paths));
  await untilReady(containerd, async () => (await runCtr(paths, ['version'], signal)).stdout !== '', signal);
  await blame('pause image', containerd.logFile, () =>
    withPauseImage(async (tar) => void (await loadImage(paths, tar, signal)), signal),
  );
}

/** Starts what all kinds of nodes share, then the nodes; ends when pods run and are admitted. */
async function startControlPlane(
  input: BringUp,
  supply: BinarySupply,
  board: ProgressBoard,
  startNodes: (start: Start) => Promise<unknown>,
): Promise<void> {
  const { options, paths, signal } = input;
  const kube = (name: string) => built(supply, 'kube', name);
  input.start(
    insideRelaysSpec([
      [paths.apiSocket, '127.0.0.1', API_PORT],
      [paths.ingressSocket, NODE_ADDRESS, INGRESS_PORT],
      [paths.kubeletHealthSocket, '127.0.0.1', KUBELET_HEALTH_PORT],
      [paths.proxyHealthSocket, '127.0.0.1', PROXY_HEALTH_PORT],
      [paths.dnsReadySocket, '127.0.0.1', DNS_READY_PORT],
      [paths.ingressPingSocket, '127.0.0.1', INGRESS_PING_PORT],
    ]),
  );

  const etcd = await built(supply, 'etcd', 'etcd');
  const client = new KubeClient({ socketPath: paths.apiSocket }, readKubeconfig(paths.kubeconfig));
  try {
    input.start(etcdSpec({ command: etcd, paths, storage: options.storage }));
    const api = input.start(apiserverSpec({ command: await kube('kube-apiserver'), paths }));
    await board.run('api', () => untilReady(api, () => isApiReady(client), signal));

    const controllers = input.start(controllerManagerSpec({ command: await kube('kube-controller-manager'), paths }));
    input.start(schedulerSpec({ command: await kube('kube-scheduler'), paths }));
    await startNodes({ input, supply, board, client, api });
    // Without it no pod is admitted, and it is the controllers that make it.
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await untilReady(controllers, async () => (await client.request('GET', account, { signal })) !== null, signal);
  } finally {
    client.close();
  }
}

/** The one real node with its storage, policies and names. */
async function startRealNode({ input, supply, board, client, api }: Start): Promise<void> {
  const { options, paths, signal } = input;
  const kube = (name: string) => built(supply, 'kube', name);
  const kubeletStart = new Date();
  const kubelet = input.start(kubeletSpec({ command: await kube('kubelet'), paths }));
  const proxy = input.start(kubeProxySpec({ command: await kube('kube-proxy'), paths }));
  await blame('kube-apiserver', api.logFile, async () => {
    const kubeletAccess = buildBinding('apiserver-kubelet-client', 'system:kubelet-api-admin');
    const addons = [buildNodeAccess, buildStorageObjects, buildDnsObjects, buildPolicyObjects, buildIngressObjects];
    const objects = [kubeletAccess, ...addons.flatMap((build) => build())];
    await Promise.all(objects.map((object) => client.apply(object, signal)));
  });
  input.start(provisionerSpec(paths, options.nodes));
  input.start(policySpec(paths));
  await board.run('node', async () => {
    await untilReady(kubelet, () => isHealthy(paths.kubeletHealthSocket, '/healthz'), signal);
    await untilReady(kubelet, () => isNodeReady(client, kubeletStart), signal);
    await untilReady(proxy, () => isHealthy(paths.proxyHealthSocket, '/healthz'), signal);
  });
  const dns = input.start(dnsSpec({ command: await built(supply, 'coredns', 'coredns'), paths }));
  await board.run('services', () => untilReady(dns, () => isHealthy(paths.dnsReadySocket, '/ready'), signal));
}
