/** A name for each request: in the answer, in the log, and as trace id of the ring it causes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';

const ids = new WeakMap<IncomingMessage, string>();
const acceptable = /^[\w.-]{1,64}$/;

/** Takes the caller's `X-Request-Id` where it is harmless, else makes one; answers with it. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Request-Id', readRequestId(request));
  next();
}

/** The same id for every call with this request. */
export function readRequestId(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known !== undefined) return known;
  const sent = request.headers['x-request-id'];
  const id = typeof sent === 'string' && acceptable.test(sent) ? sent : randomUUID();
  ids.set(request, id);
  return id;
}
