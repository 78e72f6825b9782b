/**
 * The storage provisioner's process: follows claims and volumes, makes a folder and a `local` volume for each claim of
 * our class, removes both on release. Runs inside the cluster's network with an identity of its own.
 *
 * Arguments: kubeconfig, volumes folder, key and value of the label of the nodes that mount the volumes.
 */
import { chmod, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import { messageOf, sleep } from '../base/wait.ts';
import { API_PORT } from '../cluster/addresses.ts';
import { ApiError, KubeClient } from '../kube/client.ts';
import { follow } from '../kube/follow.ts';
import { readKubeconfig } from '../kube/kubeconfig.ts';
import { type Claim, type NodeLabel, planStorage, type StorageAction, type Volume } from './plan.ts';
import { wakeEarlyPods } from './wake.ts';

const RETRY_MS = 1_000;

const [kubeconfig, volumesDir, key, value] = process.argv.slice(2);
if (kubeconfig === undefined || volumesDir === undefined || key === undefined || value === undefined) {
  throw new Error('usage: provisioner KUBECONFIG VOLUMES LABEL VALUE');
}
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
await provide({ kubeconfig, volumesDir, label: { key, value }, signal: stopping.signal });

async function provide(input: {
  kubeconfig: string;
  volumesDir: string;
  label: NodeLabel;
  signal: AbortSignal;
}): Promise<void> {
  const { signal } = input;
  const client = new KubeClient({ host: '127.0.0.1', port: API_PORT }, readKubeconfig(input.kubeconfig));
  const seen: { claims: ReadonlyMap<string, Claim> | null; volumes: ReadonlyMap<string, Volume> | null } = {
    claims: null,
    volumes: null,
  };
  let wake = Promise.withResolvers<void>();
  const ring = () => wake.resolve();
  signal.addEventListener('abort', ring);

  /** Claims we made a volume for and have not seen bound, by uid. */
  const unbound = new Set<string>();
  const wakeBound = (claims: ReadonlyMap<string, Claim>) => {
    for (const uid of unbound) {
      const claim = claims.get(uid);
      if (claim !== undefined && claim.status?.phase !== 'Bound') continue;
      unbound.delete(uid);
      // Should it fail, the kubelet looks again by itself, only later.
      if (claim !== undefined)
        wakeEarlyPods(client, claim.metadata, signal).catch((error: unknown) => log(`wake: ${messageOf(error)}`));
    }
  };

  const following = [
    follow<Claim>({
      client,
      path: '/api/v1/persistentvolumeclaims',
      signal,
      onTrouble: log,
      onChange: (objects) => {
        seen.claims = objects;
        wakeBound(objects);
        ring();
      },
    }),
    follow<Volume>({
      client,
      path: '/api/v1/persistentvolumes',
      signal,
      onTrouble: log,
      onChange: (objects) => {
        seen.volumes = objects;
        ring();
      },
    }),
  ];

  let isTidy = false;
  while (!signal.aborted) {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    if (seen.claims === null || seen.volumes === null) continue;
    const volumes = [...seen.volumes.values()];
    if (!isTidy) {
      await removeEmptyLeftovers(input.volumesDir, volumes);
      isTidy = true;
    }
    const actions = planStorage({
      claims: [...seen.claims.values()],
      volumes,
      volumesDir: input.volumesDir,
      label: input.label,
    });
    // Side by side: a shop's claims come together, and its pods wait for all of them.
    await Promise.all(
      actions.map(async (action) => {
        try {
          if (action.kind === 'make') unbound.add(action.volume.spec.claimRef?.uid ?? '');
          await act(client, action, signal);
        } catch (error) {
          if (signal.aborted) return;
          log(`${action.kind}: ${messageOf(error)}; again in ${RETRY_MS} ms`);
          void sleep(RETRY_MS, signal).then(ring, ring);
        }
      }),
    );
  }
  await Promise.all(following);
  client.close();
}

/** Each action may repeat: the copies it was decided on may be a moment old. */
async function act(client: KubeClient, action: StorageAction, signal: AbortSignal): Promise<void> {
  const path = (name: string) => `/api/v1/persistentvolumes/${name}`;
  switch (action.kind) {
    case 'make':
      await mkdir(action.folder, { recursive: true });
      // Any user of a pod may write, with or without fsGroup; the folder above keeps everybody else on the host out.
      await chmod(action.folder, 0o777);
      await unless(409, client.request('POST', '/api/v1/persistentvolumes', { body: action.volume, signal }));
      log(`made ${action.volume.metadata.name}`);
      return;
    case 'delete-volume':
      await unless(404, client.request('DELETE', path(action.name), { signal }));
      return;
    case 'remove-folder':
      await rm(action.folder, { recursive: true, force: true });
      await unless(
        404,
        client.request('PATCH', path(action.name), {
          body: { metadata: { finalizers: action.finalizersLeft } },
          contentType: 'application/merge-patch+json',
          signal,
        }),
      );
      log(`removed ${action.name}`);
      return;
    default:
      action satisfies never;
  }
}

/** Lets one status pass: the change it refuses has been made already. */
async function unless(status: number, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === status)) throw error;
  }
}

/** A kill between folder and volume leaves an empty folder. Only `rmdir` is used: it cannot remove data. */
async function removeEmptyLeftovers(dir: string, volumes: readonly Volume[]): Promise<void> {
  const known = new Set(volumes.map((volume) => volume.metadata.name));
  for (const name of await readdir(dir)) {
    if (known.has(name)) continue;
    await rmdir(join(dir, name)).catch((error: unknown) => log(`kept ${name}: ${messageOf(error)}`));
  }
}

function log(message: string): void {
  process.stdout.write(`${new Date().toISOString()} ${message}\n`);
}
