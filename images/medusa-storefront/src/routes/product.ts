/** `GET /products/:handle`. */
import type { Handler } from '../http/router.ts';
import type { Shop } from './shop.ts';
import { pageReply } from '../http/reply.ts';
import { pathPart } from '../http/request.ts';
import { productPage, productProblems } from '../pages/product-page.ts';
import { isSoldOut } from '../shop/stock.ts';
import { notFound } from './failures.ts';
import { oneOf, piecesOf } from './shop.ts';

const othersMax = 4;

export function productRoute(shop: Shop): Handler {
  return async (request) => {
    const [product, shelf] = await Promise.all([
      shop.catalogue.product(pathPart(request, 'handle')),
      shop.catalogue.page(null, 1),
    ]);
    if (product === null) return notFound(shop, request);
    return pageReply(
      productPage(shop.view, {
        product,
        others: shelf.products.filter((other) => other.id !== product.id && !isSoldOut(other)).slice(0, othersMax),
        pieces: piecesOf(shop, request.cookies),
        problem: oneOf(productProblems, request.query.get('problem')),
      }),
    );
  };
}
