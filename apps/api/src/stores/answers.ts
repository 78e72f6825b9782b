/** Turns results of the stores service into status, headers and body. */
import type { Response } from 'express';
import type { StorePageView, StoreView } from './dto/store-view.dto.ts';
import type { CreateResult, ListResult } from './stores.service.ts';

/** 200 with the page, or 304 where the caller has it already; both tell the time of the last full pass. */
export function sendPage(response: Response, result: ListResult): StorePageView | undefined {
  response.setHeader('Urumi-Last-Pass', result.lastPassAt ?? '');
  response.setHeader('ETag', result.tag);
  response.setHeader('Cache-Control', 'private, no-cache');
  if (result.page !== null) return result.page;
  response.status(304);
  return undefined;
}

/** 202 with the place of the store, and a mark where the answer repeats an earlier one. */
export function sendAccepted(response: Response, result: CreateResult): StoreView {
  response.setHeader('Location', `/api/stores/${result.store.id}`);
  if (result.replayed) response.setHeader('Idempotent-Replayed', 'true');
  return result.store;
}
