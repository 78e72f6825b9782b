/** Turns what went wrong into a page: not found, shop away, form refused. */
import type { Reply } from '../http/reply.ts';
import type { ShopRequest } from '../http/request.ts';
import type { Shop } from './shop.ts';
import { pageReply } from '../http/reply.ts';
import { BackendError } from '../medusa/client.ts';
import { messagePage, retryForm } from '../pages/message-page.ts';
import { piecesOf } from './shop.ts';

/** Short enough to be back soon, long enough not to add to the load. */
const retryAfterSeconds = 5;

export function notFound(shop: Shop, request: ShopRequest): Reply {
  const page = messagePage(shop.view, {
    title: 'Nothing at this address',
    sentences: ['The product may have left the shop, or the address has a typing error.'],
    action: { href: '/', label: 'See all products' },
    pieces: piecesOf(shop, request.cookies),
  });
  return pageReply(page, { status: 404 });
}

/** A form that did not come from a page of this shop, or came in a form that no page of ours sends. */
export function formRefused(shop: Shop, request: ShopRequest, status: 403 | 413 | 415): Reply {
  const page = messagePage(shop.view, {
    title: 'This form was not taken',
    sentences: ['It did not come from a page of this shop, or it was too long. Nothing changed.'],
    action: { href: '/cart', label: 'Go to your cart' },
    pieces: piecesOf(shop, request.cookies),
  });
  return pageReply(page, { status, isPrivate: true });
}

/** @param hasServed  false until the shop showed its products once: then it is still being set up */
export function toFailurePage(shop: Shop, request: ShopRequest, error: unknown, hasServed: boolean): Reply {
  if (error instanceof BackendError && error.kind === 'missing') return notFound(shop, request);
  const isAway = error instanceof BackendError;
  const isForm = request.method === 'POST';
  const page = messagePage(shop.view, {
    title: titleOf(isAway, hasServed),
    sentences: isForm ? formSentences(request.path) : readSentences(isAway, hasServed),
    action: isForm
      ? retryForm(request.path, request.form, 'Try again')
      : { href: `${request.path}${withMark(request.query)}`, label: 'Try again' },
    pieces: piecesOf(shop, request.cookies),
    mayRecover: isAway && !isForm,
  });
  return pageReply(page, {
    status: isAway ? 503 : 500,
    isPrivate: true,
    headers: isAway ? { 'retry-after': String(retryAfterSeconds) } : {},
  });
}

function titleOf(isAway: boolean, hasServed: boolean): string {
  if (!isAway) return 'This page could not be made';
  return hasServed ? 'The shop is catching its breath' : 'The shop is about to open';
}

function readSentences(isAway: boolean, hasServed: boolean): readonly string[] {
  if (!isAway) return ['The fault is on our side and has been noted. Your cart is as you left it.'];
  return hasServed
    ? ['It does not answer at the moment. Your cart is safe.', 'Try again in a few seconds.']
    : ['Its shelves are being filled. This usually takes under a minute.'];
}

function formSentences(path: string): readonly string[] {
  return path === '/checkout'
    ? [
        'The shop did not answer in time, so we cannot say yet whether your order is placed.',
        'Try again: your details are kept, and this cannot make a second order.',
      ]
    : ['The shop did not answer in time. Try again in a few seconds.'];
}

function withMark(query: URLSearchParams): string {
  return query.size === 0 ? '' : `?${query.toString()}`;
}
