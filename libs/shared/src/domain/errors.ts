/**
 * The one error type of the platform and its closed list of codes. A failure is classified once, at the adapter that met
 * it; everything after (HTTP status, retry or give up) follows from the kind by the tables here.
 */
export type ErrorKind =
  'invalid' | 'conflict' | 'limit' | 'not-found' | 'denied' | 'unavailable' | 'transient' | 'permanent' | 'bug';

/** Every code with its kind. `docs/failure-modes.md` has an entry per code; a test checks it. */
export const errorKinds = {
  'request.invalid': 'invalid',
  'request.too-large': 'invalid',
  'request.not-json': 'invalid',
  'request.route-unknown': 'not-found',
  'auth.missing': 'denied',
  'auth.unknown-token': 'denied',
  'auth.forbidden': 'denied',
  'idempotency.key-reused': 'invalid',
  'idempotency.key-invalid': 'invalid',
  'store.name-invalid': 'invalid',
  'store.name-taken': 'conflict',
  'store.host-taken': 'conflict',
  'store.host-invalid': 'invalid',
  'store.not-found': 'not-found',
  'store.action-not-allowed': 'conflict',
  'store.cancelled': 'conflict',
  'store.data-lost': 'conflict',
  'store.starts-exhausted': 'permanent',
  'engine.unknown': 'invalid',
  'engine.unavailable': 'conflict',
  'quota.stores-exceeded': 'limit',
  'rate.exceeded': 'limit',
  'creates.paused': 'unavailable',
  'redis.unavailable': 'unavailable',
  'redis.full': 'unavailable',
  'records.rebuilding': 'unavailable',
  'records.contended': 'transient',
  'record.schema-newer': 'unavailable',
  'lease.lost': 'unavailable',
  'cluster.unreachable': 'unavailable',
  'cluster.busy': 'unavailable',
  'cluster.forbidden': 'permanent',
  'cluster.rejected': 'permanent',
  'namespace.foreign': 'conflict',
  'namespace.access-pending': 'transient',
  'helm.timed-out': 'transient',
  'helm.cancelled': 'unavailable',
  'helm.release-pending': 'transient',
  'helm.values-rejected': 'invalid',
  'helm.object-rejected': 'permanent',
  'helm.quota-exceeded': 'unavailable',
  'helm.ownership-conflict': 'permanent',
  'helm.immutable-field': 'permanent',
  'helm.release-changed': 'transient',
  'helm.unclassified': 'transient',
  'worker.disk-full': 'unavailable',
  'invariant.broken': 'bug',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An expected failure. `details` are safe to show to the caller and to log; secrets and raw outputs stay out of it. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown; message?: string }) {
    super(options?.message ?? code, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.kind = errorKinds[code];
    this.details = details;
  }
}

/** True for a {@link DomainError}, whichever copy of the module made it. */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof DomainError;
}

/** Throws `invariant.broken`, a bug, unless `condition` holds. */
export function assertInvariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new DomainError('invariant.broken', {}, { message });
}

/** HTTP status per kind; `request.too-large`, `idempotency.key-reused` and missing tokens differ, see the problem filter. */
export const httpStatusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  denied: 401,
  conflict: 409,
  limit: 429,
  'not-found': 404,
  unavailable: 503,
  transient: 503,
  permanent: 500,
  bug: 500,
};

/** What a worker does with a failed attempt: try again for the price of a start, wait for free, or stop. */
export const workerAnswerOfKind: Readonly<Record<ErrorKind, 'retry' | 'park' | 'give-up' | 'end'>> = {
  invalid: 'give-up',
  denied: 'give-up',
  conflict: 'give-up',
  limit: 'give-up',
  'not-found': 'end',
  unavailable: 'park',
  transient: 'retry',
  permanent: 'give-up',
  bug: 'give-up',
};

/** True for a failure that only means waiting: a try that ends with it costs no start and comes again by itself. */
export function isWait(code: ErrorCode): boolean {
  return workerAnswerOfKind[errorKinds[code]] === 'park';
}
