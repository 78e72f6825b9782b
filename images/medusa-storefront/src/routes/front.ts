/** `GET /`: 200 only with products from the backend, for this page is what tells that the shop works. */
import type { Handler } from '../http/router.ts';
import type { Shop } from './shop.ts';
import { pageReply } from '../http/reply.ts';
import { BackendError } from '../medusa/client.ts';
import { frontPage } from '../pages/front-page.ts';
import { productsPerPage } from '../shop/catalogue.ts';
import { notFound } from './failures.ts';
import { piecesOf } from './shop.ts';

const pagesMax = 1_000;

export function frontRoute(shop: Shop): Handler {
  return async (request) => {
    const wantedPage = Number(request.query.get('page') ?? '1');
    const page = Number.isInteger(wantedPage) && wantedPage >= 1 && wantedPage <= pagesMax ? wantedPage : 1;
    const handle = request.query.get('category');

    const categories = await shop.catalogue.categories();
    const category = categories.find((one) => one.handle === handle) ?? null;
    if (handle !== null && category === null) return notFound(shop, request);

    const { products, count } = await shop.catalogue.page(category?.id ?? null, page);
    if (category === null && count === 0) throw new BackendError('away', 'no-products', 'The shop has no products yet');
    if (products.length === 0 && page > 1) return notFound(shop, request);

    return pageReply(
      frontPage(shop.view, {
        products,
        count,
        categories,
        category,
        page,
        pages: Math.ceil(count / productsPerPage),
        pieces: piecesOf(shop, request.cookies),
      }),
    );
  };
}
