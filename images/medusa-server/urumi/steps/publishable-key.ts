import { createHash } from 'node:crypto';
import type { Database } from '../database.ts';
import { find, runFlow, type Container } from '../medusa.ts';

/**
 * Puts the key of the store's Secret into Medusa's table: its API makes only keys of its own choice.
 * The row's id follows from the token, so a second run finds it.
 */
export async function ensurePublishableKey(database: Database, token: string): Promise<void> {
  const id = `apk_${createHash('sha256').update(token).digest('hex').slice(0, 26).toUpperCase()}`;
  const redacted = `${token.slice(0, 6)}***${token.slice(-3)}`;
  await database.query(
    `INSERT INTO api_key (id, token, salt, redacted, title, type, created_by)
     SELECT $1, $2, '', $3, 'Storefront', 'publishable', 'urumi'
     WHERE NOT EXISTS (SELECT 1 FROM api_key WHERE token = $2) ON CONFLICT (id) DO NOTHING`,
    [id, token, redacted],
  );
}

/** Opens the shop's default sales channel to the key. Safe to repeat. */
export async function linkPublishableKey(container: Container, token: string): Promise<void> {
  const [key] = await find<{ id: string; sales_channels: ({ id: string } | null)[] | null }>(container, {
    entity: 'api_key',
    fields: ['id', 'sales_channels.id'],
    filters: { token },
  });
  if (key === undefined) throw new Error('the publishable key is missing from the database');
  const [store] = await find<{ default_sales_channel_id: string }>(container, {
    entity: 'store',
    fields: ['default_sales_channel_id'],
  });
  if (store === undefined) throw new Error('Medusa has no store');
  const isLinked = (key.sales_channels ?? []).some((channel) => channel?.id === store.default_sales_channel_id);
  if (isLinked) return;
  await runFlow(container, 'linkSalesChannelsToApiKeyWorkflow', { id: key.id, add: [store.default_sales_channel_id] });
}
