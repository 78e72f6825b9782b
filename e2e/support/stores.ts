/** What every scenario says of a store: its namespace, its address, its page, its end. */
import { request, toJson } from './http.ts';
import type { Shop } from './medusa-shop.ts';
import type { StoreCalls, StoreView, TestPlatform } from './platform.ts';
import { NotYet, waitFor } from './wait.ts';

export const namespaceOf = ({ id }: { readonly id: string }): string => `store-${id}`;

/** As a browser asks for it: the port is part of the Host header, and WordPress redirects whoever leaves it out. */
export function toShop({ ingressPort }: { readonly ingressPort: number }, { host }: { readonly host: string }): Shop {
  return { port: ingressPort, host: `${host}:${ingressPort}` };
}

/** Until the front page is this store's own, whatever its status says. */
export async function untilServed(t: TestPlatform, store: StoreView, timeoutMs = 180_000): Promise<void> {
  await waitFor({ what: 'the front page', timeoutMs, intervalMs: 50 }, async () => {
    const front = await request({ ...toShop(t, store), path: '/' }).catch((error: unknown) => String(error));
    if (typeof front === 'string') return new NotYet(front);
    return front.status === 200 && front.body.includes(`content="${store.id}"`) ? true : new NotYet(`${front.status}`);
  });
}

/** Plain WordPress sells nothing, so Urumi never calls it ready; its page is what tells. */
export async function untilUp(t: TestPlatform, store: StoreView, engine: 'medusa' | 'woocommerce'): Promise<void> {
  if (engine === 'medusa') await t.waitForStatus(store.id, 'ready');
  else await untilServed(t, store);
}

/** @throws Error with the status and explanation seen last where the reason does not come */
export function untilReason(t: StoreCalls, { id }: StoreView, reason: string): Promise<StoreView> {
  return waitFor({ what: `store ${id} to be ${reason}`, timeoutMs: 180_000 }, async () => {
    const { status, explanation, ...store } = await t.readStore(id);
    return status.reason === reason
      ? { ...store, status, explanation }
      : new NotYet(JSON.stringify({ status, explanation }));
  });
}

export async function deleteStore(t: StoreCalls, { id }: StoreView): Promise<void> {
  toJson(await t.api('DELETE', `/api/stores/${id}`), 202);
  await t.waitForStatus(id, 'deleted');
}
