/**
 * Builds the problem document for an error: status, stable code, and a sentence that says what happened and what to do.
 * Programs go by `code` and `params`; the sentences are for people who read answers directly.
 */
import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import {
  DomainError,
  httpStatusOfKind,
  isDomainError,
  type ErrorCode,
  type ErrorDetails,
} from '@urumi/shared/domain/errors';
import { toRedisError } from '@urumi/shared/server/redis/connection';
import type { ProblemView } from './problem.dto.ts';
import { RequestFault } from './request-fault.ts';
import { describeProblem } from './sentences.ts';

const statusOfCode: Partial<Record<ErrorCode, number>> = {
  'request.too-large': 413,
  'auth.forbidden': 403,
  'idempotency.key-reused': 422,
};

const retryAfterSecondsOfKind = { unavailable: 5, transient: 1 } as const;

export interface Problem {
  readonly body: ProblemView;
  readonly headers: Readonly<Record<string, string>>;
  /** True where the fault is ours and belongs into the log with its stack. */
  readonly isOurFault: boolean;
}

export function toProblem(error: unknown, requestId: string): Problem {
  const known = classify(error);
  const status = statusOfCode[known.code] ?? httpStatusOfKind[known.kind];
  const fields = known instanceof RequestFault ? known.fields : [];
  const { title, detail } = describeProblem(known);
  return {
    body: {
      type: `urn:urumi:problem:${known.code}`,
      title,
      status,
      code: known.code,
      detail: fields.length === 1 ? (fields[0]?.message ?? detail) : detail,
      params: known.details,
      ...(fields.length > 0 ? { errors: [...fields] } : {}),
      requestId,
    },
    headers: buildHeaders(known, status),
    isOurFault: known.kind === 'bug' || known.kind === 'permanent',
  };
}

/** What is not an expected failure is a bug; its text stays in the log. */
function classify(error: unknown): DomainError {
  const translated = toRedisError(error);
  if (isDomainError(translated)) return translated;
  if (translated instanceof HttpException) return classifyHttp(translated.getStatus(), translated);
  return new DomainError('invariant.broken', {}, { cause: translated });
}

/** Nest's own exceptions: unknown routes, paths that cannot be decoded, and requests that arrive while closing. */
function classifyHttp(status: number, cause: HttpException): DomainError {
  if (status === 404 || status === 405) return new DomainError('request.route-unknown', {}, { cause });
  if (status < 500) return new DomainError('request.invalid', { reason: STATUS_CODES[status] ?? 'refused' }, { cause });
  return new DomainError('invariant.broken', {}, { cause });
}

function buildHeaders({ code, kind, details }: DomainError, status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="urumi"' };
  if (code === 'rate.exceeded') return { 'Retry-After': readRetryAfter(details) };
  if (kind === 'unavailable' || kind === 'transient') return { 'Retry-After': String(retryAfterSecondsOfKind[kind]) };
  return {};
}

function readRetryAfter({ retryAfterSeconds }: ErrorDetails): string {
  return String(retryAfterSeconds ?? 60);
}
