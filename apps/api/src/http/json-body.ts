/** Reads bodies of API calls: one flat JSON object of bounded size, or a refusal that says so. */
import { DomainError } from '@urumi/shared/domain/errors';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { unknownField } from './field-errors.ts';
import { RequestFault } from './request-fault.ts';

const bytesMax = 64 * 1024;
/** No body of this API nests at all; class-transformer recurses without limit (64 kB of `[` overflowed its stack). */
const depthMax = 8;

export function readJsonBody(): RequestHandler {
  const parse = express.json({ limit: bytesMax });
  return (request, response, next) => {
    if (hasBody(request) && !request.is(['json', '+json'])) return next(new DomainError('request.not-json'));
    parse(request, response, (error?: unknown) =>
      next(error === undefined ? findFault(request.body) : toBodyError(error)),
    );
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function findFault(body: unknown): DomainError | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (Array.isArray(body)) return new DomainError('request.not-json');
  if (isDeeperThan(depthMax, body)) return new DomainError('request.invalid', { reason: 'nested too deeply' });
  // class-transformer drops these silently, where an unknown field should be refused.
  const inherited = Object.keys(body).filter((key) => key in Object.prototype);
  if (inherited.length === 0) return undefined;
  return new RequestFault('request.invalid', { fields: inherited.join(', ') }, inherited.map(unknownField));
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

/** body-parser names its failures in `type`; all but size mean that the body is not JSON we can read. */
function toBodyError(error: unknown): DomainError {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  return type === 'entity.too.large'
    ? new DomainError('request.too-large', { bytesMax }, { cause: error })
    : new DomainError('request.not-json', {}, { cause: error });
}

/** Answers of the API are for their caller alone, unless a handler says otherwise. */
export function forbidStoring(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}
