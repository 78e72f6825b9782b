/**
 * Makes the checkout runnable: installs dependencies and builds services and dashboard, each only where something changed
 * since the last time.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

await step(
  'dependencies',
  join(root, 'node_modules', '.urumi-installed'),
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  ['pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--reporter', 'append-only']],
);
await step(
  'services',
  join(root, 'apps', 'api', 'dist', '.urumi-built'),
  ['pnpm-lock.yaml', 'tsconfig.base.json', 'libs/shared/src', 'apps/api/src', 'apps/worker/src', 'apps/reconciler/src'],
  ['pnpm', ['exec', 'tsc', '-b', 'apps/api', 'apps/worker', 'apps/reconciler']],
);
await step(
  'dashboard',
  join(root, 'apps', 'dashboard', 'dist', '.urumi-built'),
  [
    'pnpm-lock.yaml',
    'libs/shared/src/domain',
    'apps/dashboard/src',
    'apps/dashboard/public',
    'apps/dashboard/index.html',
    'apps/dashboard/vite.config.ts',
  ],
  ['pnpm', ['--filter', '@urumi/dashboard', 'build']],
);

/** Runs a command unless the stamp says that it ran for the same inputs. */
async function step(
  name: string,
  stamp: string,
  inputs: readonly string[],
  [command, args]: [string, string[]],
): Promise<void> {
  const key = await hashFiles(inputs);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === key) return;
  const began = performance.now();
  await run(command, args);
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, key);
  process.stdout.write(`prepare: ${name} in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await listFiles(join(root, path)))
      hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return null;
      throw error;
    },
  );
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Shows the command's output only where it fails. */
async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code === 0) return;
  process.stderr.write(Buffer.concat(output));
  throw new Error(`${command} ${args.join(' ')} ended with code ${String(code)}`);
}
