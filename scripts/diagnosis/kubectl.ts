/**
 * The operator's own kubectl, with their own rights. Owns what a failure of it means; reads only, and what it asks to create
 * is a dry run.
 */
import { spawn } from 'node:child_process';

/** For the API server's answer, and for the program itself, which may wait for a login or a name server. */
const requestTimeoutSeconds = 8;
const programTimeoutMs = 12_000;
const outputCharsMax = 64 * 1024 * 1024;
const detailCharsMax = 240;

export type KubectlFailure =
  | 'no-kubectl'
  | 'bad-config'
  | 'unreachable'
  | 'forbidden'
  | 'not-found'
  | 'no-kind'
  | 'unavailable'
  | 'timed-out'
  | 'other';

export class KubectlError extends Error {
  override readonly name = 'KubectlError';
  readonly failure: KubectlFailure;

  /** @param detail  the last line that kubectl printed */
  constructor(failure: KubectlFailure, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

export interface Kubectl {
  /** @throws KubectlError */
  run(args: readonly string[], input?: string): Promise<string>;
  /** The items of a list. @throws KubectlError */
  list<T>(args: readonly string[]): Promise<readonly T[]>;
}

export interface KubectlOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly program?: string;
  readonly timeoutMs?: number;
}

export function buildKubectl({ kubeconfig, context, program = 'kubectl', timeoutMs }: KubectlOptions): Kubectl {
  const own = [
    `--request-timeout=${requestTimeoutSeconds}s`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  const run = (args: readonly string[], input = ''): Promise<string> =>
    runProgram(program, [...own, ...args], input, timeoutMs ?? programTimeoutMs);
  return {
    run,
    list: async <T>(args: readonly string[]): Promise<readonly T[]> => {
      const answer = JSON.parse(await run(['get', ...args, '--output=json'])) as { readonly items?: readonly T[] };
      return answer.items ?? [];
    },
  };
}

function runProgram(program: string, args: readonly string[], input: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      if (stdout.length < outputCharsMax) stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (stderr.length < outputCharsMax) stderr += part;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new KubectlError(error.code === 'ENOENT' ? 'no-kubectl' : 'other', error.message));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (isLate) reject(new KubectlError('timed-out', `no answer within ${timeoutMs / 1000} s`));
      else if (code === 0) resolve(stdout);
      else reject(toError(stderr));
    });
    // It may end without reading; its exit code says whether that was a failure.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Texts of kubectl 1.36 (staging/src/k8s.io/kubectl/pkg/cmd/util) and client-go; the table's tests keep what was recorded. */
const meanings: readonly (readonly [RegExp, KubectlFailure])[] = [
  [/doesn't have a resource type|no matches for kind/, 'no-kind'],
  [/\((NotFound)\)/, 'not-found'],
  [/\(Forbidden\)|\(Unauthorized\)|must be logged in|provide credentials/, 'forbidden'],
  [/\(ServiceUnavailable\)|currently unable to handle/, 'unavailable'],
  [
    /context .* does not exist|context was not found|no such file|invalid configuration|error loading config/i,
    'bad-config',
  ],
  [/deadline exceeded|Client\.Timeout|i\/o timeout|\(Timeout\)|timed out/, 'timed-out'],
  [/unable to connect|was refused|no such host|no route to host|certificate/i, 'unreachable'],
];

export function toError(stderr: string): KubectlError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  // What it logs beside (`E1124 …`, `Warning: …`) comes before the error itself.
  const last = lines.at(-1) ?? 'it failed without a word';
  const [, failure = 'other' as const] = meanings.find(([text]) => text.test(last)) ?? [];
  return new KubectlError(failure, withoutSecrets(last.replace(/^(error: |Error from server )/i, '')));
}

/** A login helper may print anything. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/eyJ[\w-]+(\.[\w-]+)*/g, '[hidden]')
    .replaceAll(/\b(bearer|token|password|secret)(["']?\s*[=:]\s*["']?|\s+)[^\s"']{8,}/gi, '$1 [hidden]')
    .slice(0, detailCharsMax);
}
