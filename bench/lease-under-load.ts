/**
 * Whether the lease's numbers hold under load: stores are made and deleted for some minutes beside four busy loops and a
 * process that writes and hashes as an image import does, and no attempt may lose its lease. On the simulated cluster.
 * Ends with code 1 where one was lost.
 *
 *   node bench/lease-under-load.ts [--minutes N] [--stores-at-once N]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { request } from '../e2e/support/http.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../e2e/support/simulated-platform.ts';
import { deleteStore } from '../e2e/support/stores.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, 'stores-at-once': { type: 'string', default: '4' } },
});
const minutes = toNumber('--minutes', values.minutes);
const storesAtOnce = toNumber('--stores-at-once', values['stores-at-once']);

const busyLoop = 'for (;;);';
/** 200 MB onto the disk and through a hash, again and again. */
const importLoop = `
const { createHash, randomBytes } = require('node:crypto');
const { writeFileSync } = require('node:fs');
const layer = randomBytes(200_000_000);
for (;;) { writeFileSync(process.argv[1], layer); createHash('sha256').update(layer).digest(); }`;

const workers = 2;
const t = await startSimulatedPlatform({
  count: { worker: workers },
  env: { api: { URUMI_STORES_MAX: '1000' }, worker: { WORKER_CONCURRENCY: '3' } },
});
const load: ChildProcess[] = [];
try {
  const start = (code: string, ...args: string[]) =>
    load.push(spawn(process.execPath, ['-e', code, ...args], { stdio: 'ignore' }));
  for (let loop = 0; loop < 4; loop += 1) start(busyLoop);
  start(importLoop, join(t.places.state, 'layer'));

  const until = performance.now() + minutes * 60_000;
  const faults: string[] = [];
  let stores = 0;
  await Promise.all(
    Array.from({ length: storesAtOnce }, async (_, place) => {
      for (let number = 1; performance.now() < until; number += 1) {
        try {
          const store = await t.createStore(`Load ${place} ${number}`);
          await t.waitForStatus(store.id, 'ready', 300_000);
          await deleteStore(t, store);
          stores += 1;
        } catch (error) {
          faults.push(String(error));
        }
      }
    }),
  );
  const figures = await readFigures(t);
  const lost = figures.get('urumi_leases_lost_total') ?? 0;
  const lines = [
    `machine: ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; ${minutes} min, ${workers} workers, 4 busy loops, 1 import`,
    `stores made and deleted: ${stores}; that failed: ${faults.length}`,
    `leases lost: ${lost}`,
    ...[...figures].filter(([name]) => name.startsWith('urumi_lease_renewal')).map(([name, sum]) => `${name}: ${sum}`),
    ...faults,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (lost > 0 || faults.length > 0 || stores === 0) process.exitCode = 1;
} finally {
  for (const child of load) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await t.stop();
}

/** Every line of the workers' metrics about leases, summed over the workers. */
async function readFigures(platform: SimulatedPlatform): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (const { opsPort } of platform.services('worker')) {
    const { body } = await request({ port: opsPort, path: '/metrics' });
    for (const line of body.split('\n')) {
      const [, name, value] = /^(urumi_lease\S+) (\S+)$/.exec(line) ?? [];
      if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
  }
  return sums;
}

function toNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`${option} takes a number above 0, not ${text}`);
  return number;
}
