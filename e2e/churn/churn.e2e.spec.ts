/**
 * The gate: stores are made and deleted in numbers while services are killed at random moments. Afterwards every accepted
 * wish is in its final state and nothing is left. `URUMI_CYCLES` sets the number of stores, `URUMI_SEED` the sequence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toJson } from '../support/http.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { buildRandom } from '../support/random.ts';
import { NotYet, waitFor } from '../support/wait.ts';

const cycles = Number(process.env['URUMI_CYCLES'] ?? 20);
const seed = Number(process.env['URUMI_SEED'] ?? Date.now() % 100_000);
const concurrency = 3;
const storyMs = 900_000;

let t: TestPlatform;
beforeAll(async () => {
  process.stdout.write(`  ${cycles} stores, sequence ${seed}\n`);
  t = await startTestPlatform();
});
afterAll(() => t?.stop());

it(
  `${cycles} stores come and go while services are killed, and nothing is left`,
  async () => {
    const random = buildRandom(seed);
    const done = new AbortController();
    const killing = killAtRandom(random, done.signal);
    let next = 0;
    const live = async (): Promise<void> => {
      while (next < cycles) {
        const number = (next += 1);
        // Every third store is deleted before it is ready: delete wins over create.
        const early = number % 3 === 0;
        const lingerMs = Math.round(random() * 4_000);
        const store = await insist('POST', '/api/stores', { name: `Churn ${number}`, engine: 'medusa' });
        if (early) await sleep(lingerMs);
        else await untilStatus(store.id, 'ready');
        await insist('DELETE', `/api/stores/${store.id}`);
        await untilStatus(store.id, 'deleted');
      }
    };
    await Promise.all(Array.from({ length: concurrency }, live));
    done.abort();
    await killing;

    expect(await t.kubectl('get', 'namespace', '-l', 'urumi.dev/store-id', '-o', 'name')).toBe('');
    await waitFor({ what: 'all volumes to go', timeoutMs: 120_000 }, async () => {
      const volumes = await t.kubectl('get', 'pv', '-o', 'name', '--ignore-not-found');
      return volumes.trim() === '' ? true : new NotYet(volumes);
    });
    const keys = (await t.redis.keys('urumi:*')).filter((key) => /^urumi:(store|lease):/.test(key));
    expect(keys).toEqual([]);
    expect(await t.redis.zcard('urumi:owed')).toBe(0);
  },
  cycles * storyMs,
);

/** The api may be down for a moment: the same request again, with the same key, until it is answered. */
async function insist(method: string, path: string, body?: unknown): Promise<StoreView> {
  const key = `churn-${seed}-${path}-${JSON.stringify(body ?? '')}`;
  return waitFor({ what: `${method} ${path}`, timeoutMs: 120_000 }, async () => {
    const answer = await t.api(method, path, body, { 'idempotency-key': key }).catch((error: unknown) => String(error));
    if (typeof answer === 'string') return new NotYet(answer);
    return answer.status === 202 ? toJson<StoreView>(answer, 202) : new NotYet(answer.body);
  });
}

function untilStatus(id: string, status: string): Promise<StoreView> {
  return waitFor({ what: `store ${id} to be ${status}`, timeoutMs: storyMs }, async () => {
    const store = await t.readStore(id).catch((error: unknown) => String(error));
    if (typeof store === 'string') return new NotYet(store);
    return store.status.value === status ? store : new NotYet(JSON.stringify(store.status));
  });
}

async function killAtRandom(random: () => number, signal: AbortSignal): Promise<void> {
  const names = ['worker', 'worker', 'reconciler', 'api'] as const;
  while (!signal.aborted) {
    await sleep(5_000 + random() * 15_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const name = names[Math.floor(random() * names.length)] ?? 'worker';
    const pid = t.platform.services[name].pid();
    process.stdout.write(`  kill -9 ${name}\n`);
    if (pid !== null) process.kill(pid, 'SIGKILL');
  }
}
