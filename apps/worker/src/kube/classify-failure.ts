/**
 * Names what went wrong at the API server, once. Network failures are named where they happen; a refusal stays a
 * {@link KubeStatusError} until the caller, who may expect it (a 404 after a delete), lets it go.
 */
import { ZodError } from 'zod';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { toShownLine } from '../shown-line.ts';

export class KubeStatusError extends Error {
  readonly status: number;
  /** Kubernetes' own word: `NotFound`, `AlreadyExists`, `Conflict`, `Forbidden`, ... */
  readonly reason: string;
  readonly retryAfterMs: number | null;

  constructor(answer: {
    readonly status: number;
    readonly reason: string;
    readonly message: string;
    readonly retryAfter: string | undefined;
  }) {
    super(answer.message);
    this.name = 'KubeStatusError';
    this.status = answer.status;
    this.reason = answer.reason;
    const seconds = Number(answer.retryAfter ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : null;
  }
}

/** Failures below HTTP, and answers that are none, as `DomainError`; a refusal with a status unchanged. */
export function toKubeFailure(error: unknown): DomainError | KubeStatusError {
  if (isDomainError(error)) return error;
  if (error instanceof KubeStatusError) {
    if (error.status === 429) {
      const details = { retryInMs: error.retryAfterMs };
      return new DomainError('cluster.busy', details, { cause: error, message: 'The cluster has too much to do' });
    }
    // A credential of a cluster that was made anew, or a server that is not up yet: both pass by waiting.
    if (error.status === 401 || error.status >= 500) return unreachable(error, toShownLine(error.message));
    return error;
  }
  if (error instanceof ZodError || error instanceof SyntaxError) {
    return unreachable(error, 'The answer did not come from a Kubernetes API server');
  }
  return unreachable(error, describeConnectionFailure(error));
}

/**
 * A refusal nobody expected, in its final form.
 * @param asking  `read`: a missing right to look is the installation's matter and passes once its roles are there
 */
export function toDomainFailure(error: unknown, asking: 'read' | 'change'): unknown {
  if (!(error instanceof KubeStatusError)) return error;
  const message = toShownLine(error.message);
  const options = { cause: error, message };
  const details = { status: error.status };
  if (error.status === 403 && /because it is being terminated/.test(error.message)) {
    return new DomainError('cluster.busy', details, options);
  }
  if (error.status === 403) {
    return new DomainError(asking === 'read' ? 'cluster.unreachable' : 'cluster.forbidden', details, options);
  }
  if (error.status === 409) return new DomainError('cluster.busy', details, options);
  return new DomainError('cluster.rejected', details, options);
}

function unreachable(cause: unknown, message: string): DomainError {
  return new DomainError('cluster.unreachable', {}, { cause, message });
}

function describeConnectionFailure(error: unknown): string {
  const { name, code, message } = toErrorParts(error);
  if (code === 'ECONNREFUSED') return 'The cluster does not answer yet';
  if (name === 'TimeoutError' || name === 'AbortError') return 'The cluster did not answer in time';
  return toShownLine(`The cluster cannot be reached: ${code === '' ? message : code}`);
}

function toErrorParts(error: unknown): { readonly name: string; readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { name: '', code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { name: error.name, code, message: error.message };
}
