/**
 * The policy enforcer's process: follows the pods' addresses, Pods, Namespaces and NetworkPolicies and keeps one nft
 * table of the cluster's network as they say. Runs inside that network with an identity of its own. When it dies, the
 * last table stays.
 *
 * Arguments: kubeconfig, name of the pods' network.
 */
import { runCommand } from '../base/run-command.ts';
import { messageOf, sleep } from '../base/wait.ts';
import { API_PORT } from '../cluster/addresses.ts';
import { KubeClient } from '../kube/client.ts';
import { follow } from '../kube/follow.ts';
import { readKubeconfig } from '../kube/kubeconfig.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Namespace, NetworkPolicy, Pod } from './model.ts';
import { renderRuleset } from './ruleset.ts';
import { followSandboxes, type Sandbox } from './sandboxes.ts';

/** Changes come in bursts; one table serves all of a burst. */
const GATHER_MS = 20;
const RETRY_MS = 1_000;

const [kubeconfig, networkName] = process.argv.slice(2);
if (kubeconfig === undefined || networkName === undefined) throw new Error('usage: enforcer KUBECONFIG NETWORK');
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
await enforce(kubeconfig, networkName, stopping.signal);

async function enforce(file: string, network: string, signal: AbortSignal): Promise<void> {
  const client = new KubeClient({ host: '127.0.0.1', port: API_PORT }, readKubeconfig(file));
  const seen: {
    sandboxes: readonly Sandbox[] | null;
    pods: ReadonlyMap<string, Pod> | null;
    namespaces: ReadonlyMap<string, Namespace> | null;
    policies: ReadonlyMap<string, NetworkPolicy> | null;
  } = { sandboxes: null, pods: null, namespaces: null, policies: null };
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  signal.addEventListener('abort', ring);
  const followOne = <T extends KubeObject>(path: string, keep: (objects: ReadonlyMap<string, T>) => void) =>
    follow<T>({
      client,
      path,
      signal,
      onTrouble: log,
      onChange: (objects) => {
        keep(objects);
        ring();
      },
    });
  const following = [
    followSandboxes({
      networkName: network,
      signal,
      onTrouble: log,
      onChange: (sandboxes) => {
        seen.sandboxes = sandboxes;
        ring();
      },
    }),
    followOne<Pod>('/api/v1/pods', (pods) => (seen.pods = pods)),
    followOne<Namespace>('/api/v1/namespaces', (namespaces) => (seen.namespaces = namespaces)),
    followOne<NetworkPolicy>('/apis/networking.k8s.io/v1/networkpolicies', (policies) => (seen.policies = policies)),
  ];

  let applied = '';
  while (!signal.aborted) {
    await wake.promise;
    await sleep(GATHER_MS);
    wake = Promise.withResolvers<void>();
    const { sandboxes, pods, namespaces, policies } = seen;
    if (signal.aborted || sandboxes === null || pods === null || namespaces === null || policies === null) continue;
    const ruleset = renderRuleset({
      sandboxes,
      pods: [...pods.values()],
      namespaces: [...namespaces.values()],
      policies: [...policies.values()],
    });
    if (ruleset === applied) continue;
    try {
      await runCommand('nft', ['-f', '-'], { input: ruleset, signal });
      applied = ruleset;
    } catch (error) {
      log(`nft: ${messageOf(error)}; again in ${RETRY_MS} ms`);
      void sleep(RETRY_MS, signal).then(ring, ring);
    }
  }
  await Promise.all(following);
  client.close();
}

function log(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}
