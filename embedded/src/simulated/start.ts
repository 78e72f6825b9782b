/** Brings up the simulated nodes and their storage on a control plane that answers. */
import { writeFile } from 'node:fs/promises';

import { buildIngressClass } from '../addons/ingress.ts';
import { buildStorageObjects, provisionerSpec } from '../addons/storage.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Start } from '../supervise/bring-up.ts';
import { blame, built, untilReady } from '../supervise/ready.ts';
import { buildKwokAccess, kwokSpec, stagesFile } from './kwok.ts';
import { buildSimulatedNodes, SIMULATED_LABEL } from './nodes.ts';
import { renderStages } from './stages.ts';

/** @throws ClusterFailure with the component to blame */
export async function startSimulatedNodes({ input, supply, board, client, api }: Start): Promise<void> {
  const { paths, signal } = input;
  await blame('kube-apiserver', api.logFile, async () => {
    const objects = [...buildKwokAccess(), ...buildStorageObjects(), buildIngressClass(), ...buildSimulatedNodes()];
    await Promise.all(objects.map((object) => client.apply(object, signal)));
  });
  await writeFile(stagesFile(paths), renderStages());
  const kwok = input.start(kwokSpec({ command: await built(supply, 'kwok', 'kwok'), paths }));
  input.start(provisionerSpec(paths, SIMULATED_LABEL));
  await board.run('node', () => untilReady(kwok, () => areAllReady(client, signal), signal));
  // Charts are installed by it.
  await built(supply, 'helm', 'helm');
}

async function areAllReady(client: KubeClient, signal: AbortSignal): Promise<boolean> {
  const { items } = (await client.request('GET', '/api/v1/nodes', { signal })) as {
    items: { status?: { conditions?: { type: string; status: string }[] } }[];
  };
  return items.every(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
}
