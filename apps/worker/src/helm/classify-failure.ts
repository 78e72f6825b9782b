/**
 * Names why helm failed, once, by the texts of Helm 4.2.4 and the API server behind it (recorded in the spec beside this).
 * What is shown to people is one bounded, redacted line of helm's own last error.
 */
import { DomainError, type ErrorCode, type ErrorDetails } from '@urumi/shared/domain/errors';
import { toShownLine } from '../shown-line.ts';

export interface HelmFailure {
  /** `not-started`: no such program; `signalled`: ended by a signal; `exited`: with an exit code other than 0. */
  readonly ending: 'not-started' | 'signalled' | 'exited';
  readonly stderr: string;
}

/** The first pattern that is found wins: the more telling ones come first. */
const patterns: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device/i, 'worker.disk-full'],
  [/kubernetes cluster unreachable/i, 'cluster.unreachable'],
  [/because it is being terminated/, 'cluster.busy'],
  [/another operation .* is in progress/, 'helm.release-pending'],
  [/don't meet the specifications of the schema|failed to parse -:|execution error at/, 'helm.values-rejected'],
  [/invalid ownership metadata|cannot be imported into the current release/, 'helm.ownership-conflict'],
  [/field is immutable|updates to statefulset spec for fields other than/, 'helm.immutable-field'],
  [/failed calling webhook|failed to call webhook/, 'helm.unclassified'],
  // The policy reads the namespace's stamp from a cache, which may be older than the wish: the next try sees it.
  [/or the address stamped on its namespace/, 'helm.unclassified'],
  [/is forbidden: User "/, 'cluster.forbidden'],
  // Not for ever: a quota can be raised, and a request that was cut off is counted until the cluster counts anew.
  [/exceeded quota/, 'helm.quota-exceeded'],
  [/denied request:|denied the request|violates PodSecurity/, 'helm.object-rejected'],
  [/ is invalid: |field not declared in schema|no matches for kind/, 'helm.object-rejected'],
  [/the server is currently unable to handle|too many requests|etcdserver: /i, 'cluster.busy'],
  [
    /connection refused|connection reset|no such host|i\/o timeout|TLS handshake timeout|: EOF$/m,
    'cluster.unreachable',
  ],
];

/** A full quota changes by people or within the cluster's own count of minutes: a whole helm run sooner would be spinning. */
const quotaRetryMs = 20_000;

export function classifyHelmFailure({ ending, stderr }: HelmFailure): DomainError {
  if (ending === 'not-started') return new DomainError('cluster.unreachable', {}, { message: 'Helm is not there yet' });
  if (ending === 'signalled') {
    return new DomainError('helm.unclassified', {}, { message: 'Helm was ended before it was done' });
  }
  const [, code = 'helm.unclassified'] = patterns.find(([pattern]) => pattern.test(stderr)) ?? [];
  const details: ErrorDetails = code === 'helm.quota-exceeded' ? { retryInMs: quotaRetryMs } : {};
  return new DomainError(code, details, { message: findMessage(stderr) });
}

const errorLine = /^Error: (?:UPGRADE FAILED: )?(?<message>[\s\S]+)/m;

/** Immutable fields are quoted with their whole value, a page long: the end of the sentence says what is wrong. */
const quotedValue = /Invalid value: \{.*\}(?=: )/g;

function findMessage(stderr: string): string {
  const message = errorLine.exec(stderr)?.groups?.['message'] ?? stderr;
  const shown = toShownLine(message.replace(quotedValue, 'Invalid value'));
  return shown === '' ? 'Helm failed without a word' : shown;
}
