/** Which engines can be measured here. */
import { setTimeout as sleep } from 'node:timers/promises';
import { toJson } from '../../e2e/support/http.ts';
import type { TestPlatform } from '../../e2e/support/platform.ts';
import type { Engine } from './shops.ts';

/** Images with the plugin, made anew. */
const imagesMs = 900_000;

/**
 * An engine whose archive is given becomes available once its images are made; any other is as it is.
 * @returns why the engine cannot be measured here, in the platform's own words
 */
export async function findHindrance(t: Pick<TestPlatform, 'api'>, engine: Engine): Promise<string | null> {
  const isArchiveGiven = (process.env['URUMI_WOOCOMMERCE_PLUGIN'] ?? '') !== '';
  const until = performance.now() + (engine === 'woocommerce' && isArchiveGiven ? imagesMs : 0);
  for (;;) {
    const reason = await readHindrance(t, engine);
    if (reason === null || performance.now() > until) return reason;
    await sleep(1_000);
  }
}

async function readHindrance(t: Pick<TestPlatform, 'api'>, engine: Engine): Promise<string | null> {
  const { items } = toJson<{ items: { id: string; available: boolean; unavailableReason?: string | null }[] }>(
    await t.api('GET', '/api/engines'),
    200,
  );
  const found = items.find(({ id }) => id === engine);
  if (found === undefined) return 'the platform does not know this engine';
  return found.available ? null : (found.unavailableReason ?? 'the platform does not offer this engine');
}
