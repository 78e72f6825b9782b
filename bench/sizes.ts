/**
 * Whether the sizes fit: a shop of each size under as many shoppers as it has room for. Memory of each part against its
 * limit, and how fast the shop answers. Reports, compares with nothing.
 *
 *   node bench/sizes.ts [--engine medusa|woocommerce] [--busy] [--out FOLDER]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '@urumi/scripts/launcher/places';
import { parse } from 'yaml';
import { readSecret } from '../e2e/support/cluster-reads.ts';
import { toJson } from '../e2e/support/http.ts';
import type { StoreView, TestPlatform } from '../e2e/support/platform.ts';
import { deleteStore, namespaceOf, toShop } from '../e2e/support/stores.ts';
import { parseBenchOptions } from './lib/arguments.ts';
import { findHindrance } from './lib/engines.ts';
import { inspectMachine, refuseBusy } from './lib/machine.ts';
import { watchMemory } from './lib/memory.ts';
import { withPlatform } from './lib/platform.ts';
import { writeResult } from './lib/report.ts';
import { keepShopping, type Shopping } from './lib/shoppers.ts';
import { type ShopKind, shopKinds, untilProduct } from './lib/shops.ts';

const plans = ['S', 'M', 'L'] as const;
type Plan = (typeof plans)[number];
const seconds = 30;
/** Most shoppers look. A shop without stock would measure refusals. */
const visitsPerOrder = 20;

interface Part {
  readonly idleMb: number;
  readonly busiestMb: number;
  readonly limitMb: number;
}

interface Measured {
  readonly engine: string;
  readonly plan: Plan;
  readonly shopping: Shopping;
  readonly parts: Readonly<Record<string, Part>>;
}

const options = parseBenchOptions(process.argv.slice(2));
const machine = await inspectMachine();
refuseBusy(machine, options.busy);
const sizes = parse(
  readFileSync(join(projectFolder, 'charts', 'ecommerce-store', 'files', 'sizes.yaml'), 'utf8'),
) as Record<string, Record<Plan, Record<string, { memoryLimit: number }> & { phpWorkers?: number }>>;
await withPlatform(async (t) => {
  const rows: Measured[] = [];
  for (const kind of Object.values(shopKinds)) {
    if (options.only !== null && options.only !== kind.engine) continue;
    const hindrance = await findHindrance(t, kind.engine);
    if (hindrance !== null) process.stdout.write(`${kind.engine}: unavailable: ${hindrance}\n`);
    else for (const plan of plans) rows.push(await measure(t, kind, plan));
  }
  process.stdout.write(`\n${await writeResult({ machine, seconds, rows }, options.resultsFolder, 'sizes')}\n`);
});

async function measure(t: TestPlatform, kind: ShopKind, plan: Plan): Promise<Measured> {
  // For Medusa too, which has no such limit of its own: sizes are compared with the same crowd.
  const shoppers = sizes['woocommerce']?.[plan].phpWorkers ?? 1;
  const wish = { name: `Size ${plan}`, engine: kind.engine, plan };
  const store = toJson<StoreView>(await t.api('POST', '/api/stores', wish), 202);
  await t.waitForStatus(store.id, 'ready');
  const namespace = namespaceOf(store);
  const key = kind.engine === 'medusa' ? await readSecret(t, namespace, 'store-app') : {};
  const shop = toShop(t, store);
  await kind.order(shop, key['publishableKey'] ?? '');
  const idle = await watchMemory(t, namespace, 5_000);
  let visits = 0;
  const visit = async (): Promise<void> => {
    visits += 1;
    if (visits % visitsPerOrder === 0) await kind.order(shop, key['publishableKey'] ?? '');
    else await untilProduct(shop, kind);
  };
  const [shopping, busiest] = await Promise.all([
    keepShopping({ shoppers, seconds, visit }),
    watchMemory(t, namespace, seconds * 1_000),
  ]);
  await deleteStore(t, store);
  const parts = Object.fromEntries(
    Object.entries(busiest).map(([component, busiestMb]): [string, Part] => {
      const limitMb = sizes[kind.engine]?.[plan][component]?.memoryLimit ?? 0;
      return [component, { idleMb: idle[component] ?? 0, busiestMb, limitMb }];
    }),
  );
  const row = { engine: kind.engine, plan, shopping, parts };
  say(row);
  return row;
}

function say({ engine, plan, shopping, parts }: Measured): void {
  const { shoppers, visits, failures, medianMs, slowestMs } = shopping;
  const rate = (visits / seconds).toFixed(1);
  const lines = [
    `${engine} ${plan}: ${shoppers} shoppers, ${visits} visits (${rate}/s), one in ${visitsPerOrder} an order, median ${medianMs} ms, slowest ${slowestMs} ms, ${failures.length} failed`,
    ...Object.entries(parts).map(
      ([component, { idleMb, busiestMb, limitMb }]) =>
        `  ${component.padEnd(12)} ${idleMb} MiB idle, ${busiestMb} busiest, limit ${limitMb}`,
    ),
    ...failures.slice(0, 3).map((failure) => `  failed: ${failure.slice(0, 200)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
