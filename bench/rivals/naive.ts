/**
 * The rival: `naive-chart`, installed by `helm install --wait`, seen ready by whoever polls every five seconds, then
 * visited. What it is and why it is fair stands in naive-chart/README.md.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectFolder } from '@urumi/scripts/launcher/places';
import type { TestPlatform } from '../../e2e/support/platform.ts';
import { toShop } from '../../e2e/support/stores.ts';
import { watchPods } from '../lib/pods.ts';
import type { Contestant } from '../lib/rounds.ts';
import { type ShopKind, untilProduct } from '../lib/shops.ts';

const pollMs = 5_000;
const chart = join(import.meta.dirname, 'naive-chart');
const installMs = 900_000;

/** References of the images that our own store of this engine runs, by component. */
export type Images = Readonly<Record<string, string>>;

export function naiveChart(t: TestPlatform, kind: ShopKind, images: Images): Contestant {
  return {
    name: 'naive chart',
    run: async (round) => {
      const namespace = `naive-${kind.engine}-${round + 1}`;
      const host = `${namespace}.localhost`;
      const shop = toShop(t, { host });
      const values = await buildValues(kind, { host, port: t.ingressPort }, images);
      const looking = new AbortController();
      const began = performance.now();
      const since = () => performance.now() - began;
      const pods = watchPods(t.cluster, namespace, began);
      try {
        // Nobody of the naive set-up looks at the page that early; it tells what the polling costs.
        const unseen = untilProduct(shop, kind, looking.signal).then(since, () => null);
        await helm(
          t,
          ['install', 'shop', chart, '--wait', '--wait-for-jobs', '--timeout', '14m', '--create-namespace'],
          {
            namespace,
            values,
          },
        );
        const returned = since();
        await sleep(pollMs - (returned % pollMs));
        const seenReady = since();
        await untilProduct(shop, kind);
        const firstPage = since();
        await kind.order(shop, values.app.publishableKey);
        const total = since();
        const served = await unseen;
        return {
          ...pods.phases(),
          ...(served === null ? {} : { 'page answers, unseen': served }),
          'helm returned': returned,
          'seen ready': seenReady,
          'first page': firstPage,
          total,
        };
      } finally {
        looking.abort();
        await pods.stop();
        await t.kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
        await t.cluster.kubectl(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=120s'], {
          timeoutMs: 130_000,
        });
      }
    },
  };
}

async function helm(
  t: TestPlatform,
  args: readonly string[],
  { namespace, values }: { namespace: string; values: object },
): Promise<void> {
  const running = promisify(execFile)(
    join(t.cluster.binDir, 'helm'),
    ['--kubeconfig', t.cluster.kubeconfig, '--namespace', namespace, ...args, '--values', '-'],
    { timeout: installMs },
  );
  running.child.stdin?.end(JSON.stringify(values));
  await running;
}

async function buildValues(kind: ShopKind, shop: { port: number; host: string }, images: Images) {
  const secret = () => randomBytes(18).toString('hex');
  return {
    engine: kind.engine,
    ...shop,
    images,
    admin: { email: 'admin@example.com', password: secret() },
    databasePassword: secret(),
    app: { jwtSecret: secret(), cookieSecret: secret(), publishableKey: `pk_${secret()}`, salt: secret() },
    seed: await readSeed(kind),
  };
}

/** Settings and products as they stand in our own chart. */
async function readSeed({ engine }: ShopKind): Promise<Record<string, string>> {
  const folder = join(projectFolder, 'charts', 'ecommerce-store', 'files', engine);
  const names = (await readdir(folder)).filter((name) => /\.(json|csv)$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
