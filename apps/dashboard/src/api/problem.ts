/**
 * Every failed call ends as an {@link ApiProblem}: an answer of the api (problem+json) or silence. Made once, in
 * `transport.ts`; pages ask {@link describeProblem} for words and never read texts of the server.
 */
import type { ErrorCode, ErrorDetails } from '@urumi/shared/domain/errors';
import { errorTexts, isErrorCode } from '../lib/error-text.ts';

export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** `silent`: no answer at all. `unnamed`: an answer this page has no name for (proxy, newer api). */
export type ProblemCode = ErrorCode | 'silent' | 'unnamed';

export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number | null;
  readonly params: ErrorDetails;
  readonly fieldErrors: readonly FieldError[];
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(facts: Partial<Omit<ApiProblem, keyof Error>> & Pick<ApiProblem, 'code'>, options?: { cause?: unknown }) {
    super(facts.code, options);
    this.name = 'ApiProblem';
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.params = facts.params ?? {};
    this.fieldErrors = facts.fieldErrors ?? [];
    this.requestId = facts.requestId ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** Reads an answer that is not a success. Never fails: an unreadable body is `unnamed`. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body = await readJsonObject(response);
  const code = typeof body['code'] === 'string' && isErrorCode(body['code']) ? body['code'] : 'unnamed';
  return new ApiProblem({
    code,
    status: response.status,
    params: parseParams(body['params']),
    fieldErrors: Array.isArray(body['errors']) ? body['errors'].filter(isFieldError) : [],
    requestId: typeof body['requestId'] === 'string' ? body['requestId'] : response.headers.get('x-request-id'),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  });
}

/** The sentence for a person: what happened, why, what to do. */
export function describeProblem(error: unknown): string {
  if (!(error instanceof ApiProblem))
    return 'The page met a fault of its own. Reload it; nothing was lost on the server.';
  if (error.code === 'silent') return 'Urumi does not answer. It is asked again by itself.';
  if (error.status === 403) return 'Your token does not allow this. Ask your operator for one that does.';
  if (error.code === 'unnamed')
    return `The server answered ${error.status ?? 'something unexpected'}. Nothing more is known. Try again in a moment.`;
  return errorTexts[error.code].sentence(error.params);
}

/** True where waiting and asking again is the right answer: silence, or a server that says it cannot now. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof ApiProblem &&
    (error.code === 'silent' || error.status === 502 || error.status === 503 || error.status === 504)
  );
}

async function readJsonObject(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // A proxy's HTML page or an empty body: the status alone has to do.
    return {};
  }
}

function parseParams(value: unknown): ErrorDetails {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string | number | boolean | null] =>
      entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return Object.fromEntries(entries);
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'field' in value &&
    'code' in value &&
    'message' in value &&
    typeof value.field === 'string' &&
    typeof value.code === 'string' &&
    typeof value.message === 'string'
  );
}

function parseRetryAfter(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}
