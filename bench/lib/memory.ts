/** Memory of a shop's parts, as the kubelet counts it towards their limits (working set). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPlatform } from '../../e2e/support/platform.ts';

const everyMs = 1_000;
const mib = 1024 ** 2;

interface Stats {
  readonly pods: readonly {
    readonly podRef: { readonly namespace: string };
    readonly containers: readonly { readonly name: string; readonly memory?: { readonly workingSetBytes?: number } }[];
  }[];
}

/** @returns the most that each container of the namespace held in that time, in MiB */
export async function watchMemory(
  t: Pick<TestPlatform, 'kubectl'>,
  namespace: string,
  forMs: number,
): Promise<Record<string, number>> {
  const node = await t.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}');
  const most: Record<string, number> = {};
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    const path = `/api/v1/nodes/${node}/proxy/stats/summary?only_cpu_and_memory=true`;
    const { pods } = JSON.parse(await t.kubectl('get', '--raw', path)) as Stats;
    for (const { podRef, containers } of pods) {
      if (podRef.namespace !== namespace) continue;
      for (const { name, memory } of containers)
        most[name] = Math.max(most[name] ?? 0, Math.round((memory?.workingSetBytes ?? 0) / mib));
    }
    await sleep(everyMs);
  }
  return most;
}
