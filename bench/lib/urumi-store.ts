/** Ours: a store asked for by REST, until it has taken an order; and away with it again. */
import { readSecret } from '../../e2e/support/cluster-reads.ts';
import { toJson } from '../../e2e/support/http.ts';
import type { StoreView, TestPlatform } from '../../e2e/support/platform.ts';
import { deleteStore, namespaceOf, toShop } from '../../e2e/support/stores.ts';
import { watchPods } from './pods.ts';
import type { Contestant } from './rounds.ts';
import { type ShopKind, untilProduct } from './shops.ts';

export function urumiStore(t: TestPlatform, kind: ShopKind): Contestant {
  return {
    name: 'urumi',
    run: async (round) => {
      const began = performance.now();
      const since = () => performance.now() - began;
      const name = `Round ${round + 1}`;
      const answer = await t.api('POST', '/api/stores', { name, engine: kind.engine });
      const store = toJson<StoreView>(answer, 202);
      const accepted = since();
      const namespace = namespaceOf(store);
      const pods = watchPods(t.cluster, namespace, began);
      try {
        const shop = toShop(t, store);
        const isReady = t.waitForStatus(store.id, 'ready').then(since);
        const [firstPage] = await Promise.all([untilProduct(shop, kind).then(since), failFast(isReady)]);
        const key = kind.engine === 'medusa' ? await readSecret(t, namespace, 'store-app') : {};
        await kind.order(shop, key['publishableKey'] ?? '');
        const total = since();
        return { accepted, ...pods.phases(), 'first page': firstPage, 'status ready': await isReady, total };
      } finally {
        await pods.stop();
        await deleteStore(t, store);
      }
    },
  };
}

/** Lets a store that fails end the wait for its page, without waiting for its status. */
function failFast(status: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    status.catch(reject);
    setImmediate(resolve);
  });
}
