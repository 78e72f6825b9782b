/** `GET /order/:id`: shown only to the browser that placed it, for it holds an address. */
import type { Handler } from '../http/router.ts';
import type { Shop } from './shop.ts';
import { pageReply } from '../http/reply.ts';
import { pathPart } from '../http/request.ts';
import { readOrder } from '../medusa/orders.ts';
import { messagePage } from '../pages/message-page.ts';
import { orderPage } from '../pages/order-page.ts';
import { piecesOf } from './shop.ts';

export function orderRoute(shop: Shop): Handler {
  return async (request) => {
    const id = pathPart(request, 'id');
    const pieces = piecesOf(shop, request.cookies);
    if (!shop.memory.orders(request.cookies).includes(id)) {
      const page = messagePage(shop.view, {
        title: 'This order is not shown here',
        sentences: ['An order is shown only in the browser that placed it, within 30 days.'],
        action: { href: '/', label: 'Back to the shop' },
        pieces,
      });
      return pageReply(page, { status: 404, isPrivate: true });
    }
    return pageReply(orderPage(shop.view, { order: await readOrder(shop.backend, id), pieces }), { isPrivate: true });
  };
}
