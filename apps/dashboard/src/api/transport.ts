/**
 * The `fetch` under the generated client. Adds the token and the ETag, bounds the wait, turns every failure into an
 * {@link ApiProblem} and tells session and contact what it saw. Knows no route.
 */
import { callTimeoutMs } from './cadence.ts';
import { noteAnswer, noteTrouble } from './contact.ts';
import { ApiProblem, isPassing, readProblem } from './problem.ts';
import { noteRefusal, session } from './session.ts';

interface Kept {
  readonly token: string | null;
  readonly etag: string;
  readonly body: string;
}

/** Bodies by address, so that a 304 costs no transfer; few, because a page asks for few addresses. */
const kept = new Map<string, Kept>();
const keptMax = 40;

/**
 * @returns a successful response; a 304 comes back as the 200 it stands for
 * @throws ApiProblem for every other answer and for silence; the caller's own abort passes through
 */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const ownToken = request.headers.has('authorization');
  const { token } = session.read();
  if (!ownToken && token !== null) request.headers.set('authorization', `Bearer ${token}`);

  const earlier = request.method === 'GET' ? kept.get(request.url) : undefined;
  if (earlier !== undefined && earlier.token === token) request.headers.set('if-none-match', earlier.etag);

  const response = await fetchInTime(request);
  if (response.status === 304 && earlier !== undefined) {
    noteHeaders(response);
    return new Response(earlier.body, { status: 200, headers: { 'content-type': 'application/json' } });
  }
  if (!response.ok) {
    const problem = await readProblem(response);
    if (isPassing(problem)) {
      noteTrouble(problem.code === 'records.rebuilding' ? 'rebuilding' : 'unavailable', problem.retryAfterMs);
    } else {
      noteHeaders(response);
      if (response.status === 401 && !ownToken) noteRefusal(token);
    }
    throw problem;
  }
  noteHeaders(response);
  const etag = response.headers.get('etag');
  return request.method === 'GET' && etag !== null ? keep(request.url, { token, etag }, response) : response;
}

/** Forgets kept bodies: the next person may see less. */
export function forgetAnswers(): void {
  kept.clear();
}

async function fetchInTime(request: Request): Promise<Response> {
  const timeout = AbortSignal.timeout(callTimeoutMs);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, timeout]), cache: 'no-store' });
  } catch (error) {
    if (request.signal.aborted) throw error;
    noteTrouble('silent', null);
    throw new ApiProblem({ code: 'silent' }, { cause: error });
  }
}

async function keep(url: string, key: Pick<Kept, 'token' | 'etag'>, response: Response): Promise<Response> {
  const body = await response.text();
  kept.delete(url);
  kept.set(url, { ...key, body });
  const oldest = kept.keys().next();
  if (kept.size > keptMax && !oldest.done) kept.delete(oldest.value);
  return new Response(body, { status: response.status, headers: response.headers });
}

function noteHeaders(response: Response): void {
  noteAnswer({ dateHeader: response.headers.get('date'), lastPassHeader: response.headers.get('urumi-last-pass') });
}
