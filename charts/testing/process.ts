/** One process from start to end, for tests: text in, text and exit code out. */
import { spawn } from 'node:child_process';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | undefined;
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
}

const timeoutMs = 50_000;

/** @throws Error where the file cannot be run; a failing process is a result */
export async function run(file: string, args: readonly string[], { input = '', env }: RunOptions): Promise<Run> {
  const child = spawn(file, args, { stdio: 'pipe', env, timeout: timeoutMs });
  const output = Promise.all([collect(child.stdout), collect(child.stderr)]);
  // A process may refuse its arguments before it reads its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${file} cannot be run`, { cause })));
    child.once('close', (exit) => resolve(exit ?? -1));
  });
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}
