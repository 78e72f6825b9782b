/** A placed order, as its confirmation shows it. */
import type { Address, Line, Totals } from './carts.ts';
import type { Backend } from './client.ts';
import { parseAddress, parseLine, parseTotals } from './carts.ts';
import { readList, readNumber, readObject, readText, readTextOrNull } from './read.ts';

export interface Order extends Totals {
  readonly id: string;
  /** The number shoppers and shopkeepers use. */
  readonly number: number;
  readonly placedAt: Date;
  readonly email: string | null;
  readonly address: Partial<Address>;
  readonly lines: readonly Line[];
  readonly shippingName: string | null;
}

/** @throws BackendError `missing` without such an order */
export async function readOrder(backend: Backend, id: string): Promise<Order> {
  const answer = readObject(await backend.get(`/store/orders/${id}`), 'order');
  const order = readObject(answer['order'], 'order');
  const [shippingName] = readList(order, 'shipping_methods', (method) => readTextOrNull(method, 'name'));
  return {
    ...parseTotals(order),
    id: readText(order, 'id'),
    number: readNumber(order, 'display_id'),
    placedAt: new Date(readText(order, 'created_at')),
    email: readTextOrNull(order, 'email'),
    address: parseAddress(order['shipping_address']),
    lines: readList(order, 'items', parseLine),
    shippingName: shippingName ?? null,
  };
}
