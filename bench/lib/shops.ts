/** What the benchmarks do in a shop of each engine: see a product, buy it. */
import { placeOrder as placeMedusaOrder, type Shop } from '../../e2e/support/medusa-shop.ts';
import { placeOrder as placeWooCommerceOrder } from '../../e2e/support/woocommerce-shop.ts';
import { request } from '../../e2e/support/http.ts';
import { NotYet, waitFor } from '../../e2e/support/wait.ts';

export type Engine = 'medusa' | 'woocommerce';

export interface ShopKind {
  readonly engine: Engine;
  /** Part of a front page that shows products. */
  readonly product: RegExp;
  /** Cash on delivery. @param key  of the shop's public API, where it has one */
  order(shop: Shop, key: string): Promise<void>;
}

const email = 'bench@example.com';

export const shopKinds: Readonly<Record<Engine, ShopKind>> = {
  medusa: {
    engine: 'medusa',
    product: /data-product="/,
    order: async (shop, key) => void (await placeMedusaOrder(shop, key, email)),
  },
  woocommerce: {
    engine: 'woocommerce',
    product: /data-product_id="/,
    order: async (shop) => void (await placeWooCommerceOrder(shop, email)),
  },
};

/** Seldom enough that looking does not take the processor from the shop that starts. */
const lookEveryMs = 100;
const patienceMs = 600_000;

/** Looks at the front page until it shows a product. */
export async function untilProduct(shop: Shop, { product }: ShopKind, signal?: AbortSignal): Promise<void> {
  await waitFor({ what: 'a product', timeoutMs: patienceMs, intervalMs: lookEveryMs }, async () => {
    signal?.throwIfAborted();
    const answer = await request({ ...shop, path: '/' }).catch((error: unknown) => String(error));
    if (typeof answer === 'string') return new NotYet(answer);
    return answer.status === 200 && product.test(answer.body) ? true : new NotYet(`status ${answer.status}`);
  });
}
