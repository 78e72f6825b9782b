/** Brings up the simulated nodes on a control plane that answers. */
import { writeFile } from 'node:fs/promises';

import { buildIngressClass } from '../addons/ingress.ts';
import { buildStorageObjects, provisionerSpec } from '../addons/storage.ts';
import { hasRealNode } from '../cluster/options.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Start } from '../supervise/bring-up.ts';
import { blame, built, untilReady } from '../supervise/ready.ts';
import { buildKwokAccess, kwokSpec, stagesFile } from './kwok.ts';
import { buildSimulatedNodes, isPlayed } from './nodes.ts';
import { renderStages } from './stages.ts';

/** The simulated nodes, and what pods of a cluster without a real one need besides. @throws ClusterFailure */
export async function startSimulatedNodes(start: Start): Promise<void> {
  const { input, client, api } = start;
  const { options, paths, signal } = input;
  await blame('kube-apiserver', api.logFile, async () => {
    const objects = [...buildStorageObjects(), buildIngressClass()];
    await Promise.all(objects.map((object) => client.apply(object, signal)));
  });
  input.start(provisionerSpec(paths, options.nodes));
  await playSimulatedNodes(start);
}

/** The nodes alone, tainted where a real one is beside them. @throws ClusterFailure with the component to blame */
export async function playSimulatedNodes({ input, supply, board, client, api }: Start): Promise<void> {
  const { options, paths, signal } = input;
  await blame('kube-apiserver', api.logFile, async () => {
    const nodes = buildSimulatedNodes(undefined, hasRealNode(options.nodes));
    const objects = [...buildKwokAccess(), ...nodes];
    await Promise.all(objects.map((object) => client.apply(object, signal)));
  });
  await writeFile(stagesFile(paths), renderStages());
  const kwok = input.start(kwokSpec({ command: await built(supply, 'kwok', 'kwok'), paths }));
  await board.run('simulated', () => untilReady(kwok, () => areAllReady(client, signal), signal));
  // Charts are installed by it.
  await built(supply, 'helm', 'helm');
}

async function areAllReady(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  const { items } = (await client.request('GET', '/api/v1/nodes', { signal })) as {
    items: (KubeObject & { status?: { conditions?: { type: string; status: string }[] } })[];
  };
  return items
    .filter(isPlayed)
    .every(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
}
