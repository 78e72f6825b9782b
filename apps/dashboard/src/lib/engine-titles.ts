/** Names of engines where only the id is known. The catalogue of the api has descriptions and availability. */
import type { EngineId } from '@urumi/shared/domain/engines/catalog';

export const engineTitles: Readonly<Record<EngineId, string>> = { medusa: 'Medusa', woocommerce: 'WooCommerce' };
