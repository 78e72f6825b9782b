/** The cart: `GET /cart` and the forms that change it. Every form ends in a redirect. */
import type { Reply } from '../http/reply.ts';
import type { ShopRequest } from '../http/request.ts';
import type { Handler } from '../http/router.ts';
import type { Cart } from '../medusa/carts.ts';
import type { CartNotice } from '../pages/cart-page.ts';
import type { ProductProblem } from '../pages/product-page.ts';
import type { Shop } from './shop.ts';
import { pageReply, seeOther } from '../http/reply.ts';
import { pathPart } from '../http/request.ts';
import { addLine, changeLine, createCart, readCart, removeLine } from '../medusa/carts.ts';
import { BackendError } from '../medusa/client.ts';
import { cartNotices, cartPage } from '../pages/cart-page.ts';
import { isMedusaId } from '../shop/cart-cookie.ts';
import { defaultCountry } from '../shop/country.ts';
import { findShortages, parseQuantity } from '../shop/stock.ts';
import { oneOf } from './shop.ts';

/** `GET /cart` */
export function cartRoute(shop: Shop): Handler {
  return async (request) => {
    const notice = oneOf(cartNotices, request.query.get('note'));
    const cart = await readOpenCart(shop, request);
    if (cart === null) {
      return pageReply(cartPage(shop.view, { cart: null, shortages: new Map(), notice }), {
        isPrivate: true,
        cookies: [shop.memory.dropCart()],
      });
    }
    const products = await shop.catalogue.products(cart.lines.flatMap(({ productId }) => productId ?? []));
    return pageReply(cartPage(shop.view, { cart, shortages: findShortages(cart.lines, products), notice }), {
      isPrivate: true,
      cookies: [shop.memory.keepCart(cart)],
    });
  };
}

/** `POST /cart/lines`: puts a variant into the cart, which is made now if there is none. */
export function addLineRoute(shop: Shop): Handler {
  return async (request) => {
    const handle = request.form.get('handle') ?? '';
    const variantId = request.form.get('variant_id') ?? '';
    const quantity = parseQuantity(request.form.get('quantity'), 1);
    if (!isMedusaId(variantId)) return backToProduct(handle, 'variant');
    if (quantity === null) return backToProduct(handle, 'quantity');
    try {
      const cart = await addToOpenCart(shop, request, variantId, quantity);
      return toCart('added', [shop.memory.keepCart(cart)]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return backToProduct(handle, isStockRefusal(error) ? 'stock' : 'variant');
    }
  };
}

/** `POST /cart/lines/:line`: changes a quantity. */
export function changeLineRoute(shop: Shop): Handler {
  return async (request) => {
    const quantity = parseQuantity(request.form.get('quantity'), 0);
    if (quantity === null) return toCart('quantity');
    return changeCart(shop, request, (cartId, lineId) =>
      quantity === 0 ? removeLine(shop.backend, cartId, lineId) : changeLine(shop.backend, cartId, lineId, quantity),
    );
  };
}

/** `POST /cart/lines/:line/remove` */
export function removeLineRoute(shop: Shop): Handler {
  return (request) =>
    changeCart(shop, request, (cartId, lineId) => removeLine(shop.backend, cartId, lineId), 'removed');
}

/** The shopper's cart if it exists and is not an order yet. @throws BackendError `away` */
export async function readOpenCart(shop: Shop, request: ShopRequest): Promise<Cart | null> {
  const remembered = shop.memory.cart(request.cookies);
  if (remembered === null) return null;
  try {
    const cart = await readCart(shop.backend, remembered.id);
    return cart.isCompleted ? null : cart;
  } catch (error) {
    if (error instanceof BackendError && error.kind === 'missing') return null;
    throw error;
  }
}

async function addToOpenCart(shop: Shop, request: ShopRequest, variantId: string, quantity: number): Promise<Cart> {
  const remembered = shop.memory.cart(request.cookies);
  if (remembered !== null) {
    try {
      return await addLine(shop.backend, remembered.id, variantId, quantity);
    } catch (error) {
      // A cart that is gone or became an order is replaced; only reading it can tell that from a refused variant.
      const isStale = isRefusal(error) && !isStockRefusal(error) && (await readOpenCart(shop, request)) === null;
      if (!isStale) throw error;
    }
  }
  const region = await shop.catalogue.region();
  const cart = await createCart(shop.backend, region, defaultCountry(region, shop.view.locale));
  return addLine(shop.backend, cart.id, variantId, quantity);
}

async function changeCart(
  shop: Shop,
  request: ShopRequest,
  change: (cartId: string, lineId: string) => Promise<Cart>,
  done: CartNotice = 'changed',
): Promise<Reply> {
  const remembered = shop.memory.cart(request.cookies);
  const lineId = pathPart(request, 'line');
  if (remembered === null || !isMedusaId(lineId)) return toCart('gone', [shop.memory.dropCart()]);
  try {
    const cart = await change(remembered.id, lineId);
    return toCart(done, [shop.memory.keepCart(cart)]);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // The cart page reads the cart again, so it shows what is true whatever was refused.
    return toCart(isStockRefusal(error) ? 'stock' : 'refused');
  }
}

function isRefusal(error: unknown): error is BackendError {
  return error instanceof BackendError && error.kind !== 'away';
}

function isStockRefusal(error: BackendError): boolean {
  return error.code === 'insufficient_inventory' || /required inventory/i.test(error.message);
}

function toCart(notice: CartNotice, cookies: readonly string[] = []): Reply {
  return seeOther(`/cart?note=${notice}`, cookies);
}

function backToProduct(handle: string, problem: ProductProblem): Reply {
  return handle === '' ? seeOther('/') : seeOther(`/products/${encodeURIComponent(handle)}?problem=${problem}`);
}
