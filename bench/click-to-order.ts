/**
 * P12: from the click to a shop that shows a product and has taken an order, on a running platform with warm images.
 * Ours against `rivals/naive-chart`, in turn, on the same cluster with the same images.
 *
 *   node bench/click-to-order.ts [--rounds N] [--engine medusa|woocommerce] [--busy] [--out FOLDER]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPlatform } from '../e2e/support/platform.ts';
import { parseBenchOptions } from './lib/arguments.ts';
import { findHindrance } from './lib/engines.ts';
import { inspectMachine, refuseBusy } from './lib/machine.ts';
import { diskName } from './lib/own-disk.ts';
import { withPlatform } from './lib/platform.ts';
import { formatReport, type Report, type Row, writeReport } from './lib/report.ts';
import { type Contestant, type Entry, runRounds } from './lib/rounds.ts';
import { type ShopKind, shopKinds } from './lib/shops.ts';
import { urumiStore } from './lib/urumi-store.ts';
import { type Images, naiveChart } from './rivals/naive.ts';

const listPods = ['get', 'pods', '--all-namespaces', '-l', 'urumi.dev/store-id', '-o', 'json'] as const;

const options = parseBenchOptions(process.argv.slice(2));
const machine = await inspectMachine();
refuseBusy(machine, options.busy);
await withPlatform(async (t) => {
  const rows: Row[] = [];
  for (const kind of Object.values(shopKinds)) {
    if (options.only === null || options.only === kind.engine) rows.push(await measure(t, kind));
  }
  const report: Report = {
    question: 'P12: from the click to a shop that shows a product and has taken an order',
    machine,
    settings: { rounds: options.rounds, warmUp: 1, etcd: 'in memory, without fsync', pollSeconds: 5, disk: diskName },
    rows,
  };
  process.stdout.write(`\n${formatReport(report)}`);
  process.stdout.write(`\n${await writeReport(report, options.resultsFolder, 'click-to-order')}\n`);
});

async function measure(t: TestPlatform, kind: ShopKind): Promise<Row> {
  const base = { name: kind.engine, ours: 'urumi', rivals: ['naive chart'] };
  const reason = await findHindrance(t, kind.engine);
  if (reason !== null) return { ...base, entries: [], unavailable: reason };
  // Page cache, compile caches and unpacked images: the first store of a cluster pays for all later ones.
  const images = await warmUp(t, kind);
  const contestants: Contestant[] = [urumiStore(t, kind), naiveChart(t, kind, images)];
  const entries = await runRounds({ contestants, rounds: options.rounds, onEntry: say });
  return { ...base, entries, unavailable: null };
}

/** One store that does not count. @returns the images it ran, by component: the rival gets the same */
async function warmUp(t: TestPlatform, kind: ShopKind): Promise<Images> {
  const watching = new AbortController();
  const images = readImages(t, watching.signal);
  try {
    await urumiStore(t, kind).run(-1);
  } finally {
    watching.abort();
  }
  return images;
}

/** Looks at the pods of stores until they are all there or it is told to stop. */
async function readImages(t: TestPlatform, signal: AbortSignal): Promise<Images> {
  const seen: Record<string, string> = {};
  while (!signal.aborted) {
    const { items } = JSON.parse(await t.kubectl(...listPods)) as {
      items: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } }[];
    };
    for (const { metadata, spec } of items) {
      const component = metadata.labels['app.kubernetes.io/component'];
      if (component !== undefined) seen[component] = spec.containers[0]?.image ?? '';
    }
    await sleep(1_000);
  }
  return seen;
}

function say({ round, contestant, phases, fault }: Entry): void {
  const outcome = phases === null ? `void: ${fault}` : `${(phases.total / 1000).toFixed(2)} s`;
  process.stdout.write(`  round ${round + 1}: ${contestant}: ${outcome}\n`);
}
