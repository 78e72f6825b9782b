import { BadRequestException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { DomainError, errorKinds, type ErrorCode } from '@urumi/shared/domain/errors';
import { describe, expect, it } from 'vitest';
import { toProblem } from './problem.ts';

const codes = Object.keys(errorKinds) as ErrorCode[];

describe('a problem', () => {
  it.each<[unknown, number, string]>([
    [new DomainError('store.not-found'), 404, 'store.not-found'],
    [new DomainError('store.name-taken', { name: 'x', storeId: 'y' }), 409, 'store.name-taken'],
    [new DomainError('idempotency.key-reused'), 422, 'idempotency.key-reused'],
    [new DomainError('request.too-large', { bytesMax: 1 }), 413, 'request.too-large'],
    [new DomainError('auth.missing'), 401, 'auth.missing'],
    [new DomainError('records.contended'), 503, 'records.contended'],
    [new DomainError('invariant.broken'), 500, 'invariant.broken'],
    [new NotFoundException(), 404, 'request.route-unknown'],
    [new BadRequestException(), 400, 'request.invalid'],
    [new ServiceUnavailableException(), 500, 'invariant.broken'],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 503, 'redis.unavailable'],
    [new TypeError('x is not a function'), 500, 'invariant.broken'],
    ['a string', 500, 'invariant.broken'],
  ])('of %s is %d %s', (error, status, code) => {
    expect(toProblem(error, 'r').body).toMatchObject({
      status,
      code,
      type: `urn:urumi:problem:${code}`,
      requestId: 'r',
    });
  });

  it.each(codes)('of %s has a title and a whole sentence', (code) => {
    const details = {
      reason: 'Because.',
      name: 'n',
      stores: 1,
      storesMax: 1,
      retryAfterSeconds: 1,
      length: 1,
      lengthMax: 1,
      bytesMax: 1,
      engines: 'e',
    };
    const { title, detail } = toProblem(new DomainError(code, details), 'r').body;
    expect(title).toMatch(/^[A-Z]/);
    expect(detail).toMatch(/[.>]"?\.?$/);
    expect(detail).not.toMatch(/undefined|null/);
  });

  it('hides what was not expected', () => {
    const { body, isOurFault } = toProblem(new Error('password=hunter2'), 'r');
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(isOurFault).toBe(true);
  });

  it('says when to come back where coming back helps', () => {
    expect(toProblem(new DomainError('redis.unavailable'), 'r').headers).toEqual({ 'Retry-After': '5' });
    expect(toProblem(new DomainError('records.contended'), 'r').headers).toEqual({ 'Retry-After': '1' });
    expect(toProblem(new DomainError('rate.exceeded', { retryAfterSeconds: 9 }), 'r').headers).toEqual({
      'Retry-After': '9',
    });
    expect(toProblem(new DomainError('store.name-taken'), 'r').headers).toEqual({});
  });
});
