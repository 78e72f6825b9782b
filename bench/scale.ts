/**
 * Throughput with 1, 2 and 4 workers beside the limit of the same run: `xargs -P 1, 2, 4` of helm with the same chart, values and
 * installer. Urumi as its chart installs it, shops on simulated nodes. Our time ends when the api shows every store ready on
 * evidence, the rival's when its last helm returns. Urumi stands by, scaled to nothing, while the rival works.
 *
 *   node bench/scale.ts [--stores N] [--rounds N] [--busy] [--out FOLDER]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { release } from '@urumi/scripts/launcher/platform-chart';
import { deleteEverything, untilReady, wish, wishMany } from '../e2e/support/crowd.ts';
import { components, startMixedPlatform, type MixedPlatform } from '../e2e/support/mixed-platform.ts';
import { parseScaleOptions } from './lib/arguments.ts';
import { inspectMachine, refuseBusy } from './lib/machine.ts';
import { orderOf } from './lib/order.ts';
import { countHelms, readSplit, subtract, type Split, type User } from './lib/processor-split.ts';
import { writeResult } from './lib/report.ts';
import { formatCurve, type Point } from './lib/scale-curve.ts';
import { prepareXargsHelm, type XargsHelm } from './rivals/xargs-helm.ts';

const widths = [1, 2, 4] as const;
const sampleMs = 250;
const roundMs = 600_000;
const contestants = ['urumi', 'xargs'] as const;
const podUsers = ['api', 'worker', 'reconciler', 'redis'] as const;

const options = parseScaleOptions(process.argv.slice(2));
const storesPerPoint = Math.ceil(options.stores / widths.length);
const machine = await inspectMachine();
refuseBusy(machine, options.busy);
const t = await startMixedPlatform();
try {
  const points: Point[] = [];
  const example = await wish(t, 'Example');
  await untilReady(t, [example], roundMs);
  const rival = await prepareXargsHelm(t, example);
  await clear(t, rival, 'urumi');
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [place, width] of widths.entries()) {
      for (const contestant of orderOf(contestants, round + place)) {
        const point = await measure(t, rival, { round, width, contestant });
        points.push(point);
        const { storesPerSecond, seconds } = point;
        process.stdout.write(
          `  ${contestant} ${width}: ${storesPerSecond.toFixed(2)} stores/s (${seconds.toFixed(1)} s)\n`,
        );
        await clear(t, rival, contestant);
      }
    }
  }
  process.stdout.write(`\n${formatCurve(points)}`);
  const settings = { ...options, storesPerPoint, concurrencyPerWorker: 1, etcd: 'in memory, without fsync' };
  const result = { question: 'Throughput against the limit of the same run', machine, settings, points };
  process.stdout.write(`\n${await writeResult(result, options.resultsFolder, 'scale')}\n`);
} finally {
  await t.stop();
}

/** One point of the curve, in a cluster without any store. */
async function measure(
  platform: MixedPlatform,
  rival: XargsHelm,
  point: Pick<Point, 'round' | 'width' | 'contestant'>,
): Promise<Point> {
  const isOurs = point.contestant === 'urumi';
  for (const component of components) {
    await platform.scale(component, isOurs ? (component === 'worker' ? point.width : 1) : 0);
  }
  const pods = await readPodUsers(platform);
  // What rolled out is still being written down by the cluster's controllers.
  await sleep(3_000);
  const before = await readSplit(pods);
  const sampling = new AbortController();
  const helms = sampleHelms(sampling.signal);
  const began = performance.now();
  try {
    if (isOurs) {
      const stores = await wishMany(platform, `Point ${point.round + 1}/${point.width}`, storesPerPoint);
      await untilReady(platform, stores, roundMs);
    } else await rival.install(storesPerPoint, point.width);
  } finally {
    sampling.abort();
  }
  const seconds = (performance.now() - began) / 1000;
  const split: Split = subtract(await readSplit(pods), before);
  return {
    ...point,
    stores: storesPerPoint,
    seconds,
    storesPerSecond: storesPerPoint / seconds,
    helms: await helms,
    split,
  };
}

/** @returns how many helms there were, on average, until the signal */
async function sampleHelms(signal: AbortSignal): Promise<number> {
  const seen: number[] = [];
  while (!signal.aborted) {
    seen.push(await countHelms());
    await sleep(sampleMs);
  }
  return seen.reduce((sum, one) => sum + one, 0) / Math.max(seen.length, 1);
}

async function readPodUsers(platform: MixedPlatform): Promise<Map<string, User>> {
  const text = await platform.kubectl('get', 'pods', '--namespace', release.namespace, '--output', 'json');
  const { items } = JSON.parse(text) as { items: { metadata: { uid: string; labels: Record<string, string> } }[] };
  return new Map(
    items.flatMap(({ metadata }): [string, User][] => {
      const user = podUsers.find((one) => one === metadata.labels['app.kubernetes.io/component']);
      return user === undefined ? [] : [[metadata.uid, user]];
    }),
  );
}

/** Leaves a cluster without a store, by whom it was filled. */
async function clear(platform: MixedPlatform, rival: XargsHelm, contestant: Point['contestant']): Promise<void> {
  if (contestant === 'xargs') return rival.clear();
  await platform.scale('worker', 4);
  await deleteEverything(platform, roundMs);
}
