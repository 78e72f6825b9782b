/** `GET /checkout` and the form that places the order. */
import type { Reply } from '../http/reply.ts';
import type { ShopRequest } from '../http/request.ts';
import type { Handler } from '../http/router.ts';
import type { Cart, ShippingOption } from '../medusa/carts.ts';
import type { FieldErrors, FieldValues } from '../shop/checkout-form.ts';
import type { Placement } from '../shop/place-order.ts';
import type { Shop } from './shop.ts';
import { pageReply, seeOther } from '../http/reply.ts';
import { readShippingOptions } from '../medusa/carts.ts';
import { BackendError } from '../medusa/client.ts';
import { checkoutPage } from '../pages/checkout-page.ts';
import { parseCheckout, readFields } from '../shop/checkout-form.ts';
import { defaultCountry } from '../shop/country.ts';
import { placeOrder } from '../shop/place-order.ts';
import { parseQuote } from '../shop/quote.ts';
import { findShortages } from '../shop/stock.ts';
import { readOpenCart } from './cart.ts';

/** `GET /checkout` */
export function checkoutRoute(shop: Shop): Handler {
  return async (request) => {
    const cart = await readOpenCart(shop, request);
    if (cart === null || cart.lines.length === 0) return seeOther('/cart');
    const [region, options, products] = await Promise.all([
      shop.catalogue.region(),
      readShippingOptions(shop.backend, cart.id),
      shop.catalogue.products(cart.lines.flatMap(({ productId }) => productId ?? [])),
    ]);
    if (findShortages(cart.lines, products).size > 0) return seeOther('/cart?note=stock');
    const country = cart.address.country_code ?? defaultCountry(region, shop.view.locale) ?? '';
    return showForm(shop, { cart, options, values: valuesOfCart(cart, country) });
  };
}

/**
 * `POST /checkout`. One checkout per cart runs at a time, and Medusa answers a second one with the same order, so a
 * double click, a reload and a retry after a time-out all end on the same confirmation.
 */
export function placeOrderRoute(shop: Shop): Handler {
  return async (request) => {
    const remembered = shop.memory.cart(request.cookies);
    if (remembered === null) return seeOther('/cart');
    const region = await shop.catalogue.region();
    const values = readFields(request.form);
    const parsed = parseCheckout(values, region.countries);
    if (parsed.kind === 'faulty') return showFaults(shop, request, values, parsed.errors);

    try {
      const placement = await shop.checkouts.run(remembered.id, () =>
        placeOrder({
          backend: shop.backend,
          cartId: remembered.id,
          details: parsed.details,
          quote: parseQuote(request.form.get('quote')),
        }),
      );
      return await answer(shop, request, values, placement);
    } catch (error) {
      if (error instanceof BackendError && error.kind === 'missing') return seeOther('/cart?note=gone');
      throw error;
    }
  };
}

async function answer(shop: Shop, request: ShopRequest, values: FieldValues, placement: Placement): Promise<Reply> {
  switch (placement.kind) {
    case 'placed':
      return seeOther(`/order/${placement.orderId}`, [
        shop.memory.dropCart(),
        shop.memory.keepOrder(request.cookies, placement.orderId),
      ]);
    case 'empty':
      return seeOther('/cart');
    case 'short':
      return seeOther('/cart?note=stock');
    case 'no-delivery':
      return showForm(shop, {
        ...placement,
        values: { ...values, shipping_option: '' },
        errors: { shipping_option: 'Choose a delivery that goes to this address' },
      });
    case 'repriced':
      return showForm(shop, {
        ...placement,
        values,
        problem:
          'Prices for this address differ from those shown before. Nothing was ordered yet: check the total, then place the order.',
      });
    case 'refused': {
      const cart = await readOpenCart(shop, request);
      if (cart === null) return seeOther('/cart?note=gone');
      return showForm(shop, {
        cart,
        options: await readShippingOptions(shop.backend, cart.id),
        values,
        problem: `The shop did not take this order (${placement.code}). Nothing was ordered. Check the address, or try again in a moment.`,
      });
    }
    default:
      return placement satisfies never;
  }
}

async function showFaults(shop: Shop, request: ShopRequest, values: FieldValues, errors: FieldErrors): Promise<Reply> {
  const cart = await readOpenCart(shop, request);
  if (cart === null || cart.lines.length === 0) return seeOther('/cart');
  return showForm(shop, { cart, options: await readShippingOptions(shop.backend, cart.id), values, errors });
}

interface FormFacts {
  readonly cart: Cart;
  readonly options: readonly ShippingOption[];
  readonly values: FieldValues;
  readonly errors?: FieldErrors;
  readonly problem?: string;
}

async function showForm(shop: Shop, { cart, options, values, errors = {}, problem }: FormFacts): Promise<Reply> {
  const { countries } = await shop.catalogue.region();
  const isSecondLook = problem !== undefined || Object.keys(errors).length > 0;
  return pageReply(checkoutPage(shop.view, { cart, options, countries, values, errors, problem: problem ?? null }), {
    isPrivate: true,
    status: isSecondLook ? 422 : 200,
  });
}

function valuesOfCart({ email, address, shippingOptionId }: Cart, country: string): FieldValues {
  return {
    email: email ?? '',
    first_name: address.first_name ?? '',
    last_name: address.last_name ?? '',
    address_1: address.address_1 ?? '',
    address_2: address.address_2 ?? '',
    postal_code: address.postal_code ?? '',
    city: address.city ?? '',
    province: address.province ?? '',
    country_code: country,
    phone: address.phone ?? '',
    shipping_option: shippingOptionId ?? '',
  };
}
