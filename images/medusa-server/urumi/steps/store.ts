import type { Shop } from '../environment.ts';
import { find, runFlow, type Container } from '../medusa.ts';

export type Store = { id: string; salesChannelId: string };

/** Medusa makes a store and a sales channel when it first loads; this gives them the shop's name and currency. */
export async function ensureStore(container: Container, { name, currency }: Shop): Promise<Store> {
  const [store] = await find<{ id: string; default_sales_channel_id: string }>(container, {
    entity: 'store',
    fields: ['id', 'default_sales_channel_id'],
  });
  if (store === undefined) throw new Error('Medusa has no store');
  await runFlow(container, 'updateStoresWorkflow', {
    selector: { id: store.id },
    update: { name, supported_currencies: [{ currency_code: currency, is_default: true }] },
  });
  return { id: store.id, salesChannelId: store.default_sales_channel_id };
}
