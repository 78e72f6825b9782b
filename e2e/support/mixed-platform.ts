/**
 * Urumi as its chart installs it, on the real node of a mixed cluster, and its shops on simulated nodes, where they cost the
 * machine nothing. A shop is ready by the shopper's route, which a server of the caller plays. The installation's own
 * limits are out of the way: what is left to find is the cluster's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@urumi/embedded/base/run-command';
import { NODE_ADDRESS } from '@urumi/embedded/cluster/addresses';
import type { Cluster } from '@urumi/embedded/cluster/up';
import { SIMULATED_LABEL } from '@urumi/embedded/simulated/nodes';
import { openWayOut } from '@urumi/embedded/testing/way-out';
import { startInCluster } from '@urumi/scripts/launcher/in-cluster';
import { buildPlaces, projectFolder } from '@urumi/scripts/launcher/places';
import { release } from '@urumi/scripts/launcher/platform-chart';
import { buildStoreValues } from '@urumi/scripts/launcher/store-values';
import { findFreePort } from '@urumi/shared/server/ops/free-port';
import { buildStoreCalls, type StoreCalls } from './platform.ts';
import { startShopperRoute } from './shopper-route.ts';

/** Of the node's address, where the reconciler finds the shopper's route. */
const routePort = 8088;
const helmTimeoutMs = 180_000;
const { namespace } = release;

export type Component = 'api' | 'worker' | 'reconciler';
export const components = ['api', 'worker', 'reconciler'] as const;

export interface MixedPlatform extends StoreCalls {
  readonly state: string;
  readonly cluster: Cluster;
  kubectl(...args: string[]): Promise<string>;
  /** `helm upgrade` of the platform with these settings over those it has; returns when every service has rolled. */
  upgrade(settings: Readonly<Record<string, string>>): Promise<void>;
  /** By `kubectl scale`; returns when as many are ready. */
  scale(component: Component, replicas: number): Promise<void>;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

export async function startMixedPlatform(): Promise<MixedPlatform> {
  const state = await mkdtemp(join(tmpdir(), 'urumi-scale-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(state, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (let one = stops.pop(); one !== undefined; one = stops.pop()) await one();
  };
  try {
    const ingressPort = await findFreePort();
    const { key, value } = SIMULATED_LABEL;
    const scheduling = {
      nodeSelector: { [key]: value },
      tolerations: [{ key, operator: 'Exists', effect: 'NoSchedule' }],
    };
    const urumi = await startInCluster({
      places: buildPlaces(state),
      storage: 'memory',
      nodes: 'mixed',
      ingressPort,
      shopImages: [],
      fresh: false,
      values: {
        probe: { address: `${NODE_ADDRESS}:${routePort}` },
        api: { storesPerOwner: 2_000 },
        worker: { concurrency: 1, concurrencyInAll: 64, concurrencyPerOwner: 64 },
        stores: { ...(await buildStoreValues(ingressPort, [])), scheduling },
      },
      signal: new AbortController().signal,
      say: (line) => process.stdout.write(`  ${line}\n`),
    });
    stops.push(() => urumi.stop());
    const { cluster } = urumi;
    const route = await startShopperRoute(cluster.kubeconfig);
    stops.push(() => route.close());
    stops.push(await openWayOut(cluster, { port: routePort, target: route.port }));
    const awaitRollout = (component: Component): Promise<unknown> =>
      cluster.kubectl(
        ['rollout', 'status', `deployment/urumi-${component}`, '--namespace', namespace, '--timeout=110s'],
        { timeoutMs: 120_000 },
      );
    return {
      state,
      cluster,
      ...buildStoreCalls({ httpPort: ingressPort, host: release.host, token: urumi.token }),
      kubectl: async (...args) => (await cluster.kubectl(args, { timeoutMs: 60_000 })).stdout,
      upgrade: async (settings) => {
        const place = ['--namespace', namespace, '--kubeconfig', cluster.kubeconfig];
        const set = Object.entries(settings).flatMap(([name, one]) => ['--set', `${name}=${one}`]);
        await runCommand(
          join(cluster.binDir, 'helm'),
          ['upgrade', release.name, join(projectFolder, 'charts', 'platform'), ...place, '--reuse-values', ...set],
          { timeoutMs: helmTimeoutMs },
        );
        for (const component of components) await awaitRollout(component);
      },
      scale: async (component, replicas) => {
        const target = `deployment/urumi-${component}`;
        await cluster.kubectl(['scale', target, '--namespace', namespace, `--replicas=${replicas}`]);
        await awaitRollout(component);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
