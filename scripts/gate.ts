/**
 * The long counts of the release gate, in parts that each end within 40 minutes. A part that passed on this commit is not
 * run again, so a gate that was stopped goes on where it was.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from './launcher/places.ts';

interface Part {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

const runScenario = ['pnpm', '--filter', '@urumi/e2e', 'exec', 'vitest', 'run'] as const;

interface Scenario {
  readonly path: string;
  /** Only the tests whose full name fits. */
  readonly only?: string;
  readonly environment?: Part['environment'];
}

const e2e = (name: string, { path, only, environment = {} }: Scenario): Part => ({
  name,
  command: [...runScenario, path, ...(only === undefined ? [] : ['-t', only])],
  environment,
});

const parts: readonly Part[] = [
  {
    name: 'faults with Redis and processes',
    command: ['pnpm', 'exec', 'vitest', 'run', '.int.spec', '-t', 'F\\d+'],
    environment: {},
  },
  e2e('faults on the simulated cluster: cuts, deaths, states', { path: 'faults/a-' }),
  e2e('faults on the simulated cluster: crowds', { path: 'faults/b-crowd' }),
  e2e('faults on the simulated cluster: deletions', { path: 'faults/b-deletion' }),
  e2e('faults on the simulated cluster: trouble with stores', { path: 'faults/b-store-trouble' }),
  ...[1, 2, 3, 4, 5].map((seed) =>
    e2e(`chaos ${seed}: 200 cycles`, {
      path: 'chaos/',
      environment: { URUMI_CYCLES: '200', URUMI_SEED: String(seed) },
    }),
  ),
  ...['woocommerce', 'medusa'].map((engine) =>
    e2e(`set-up killed, ${engine}`, { path: 'setup-kill', only: `^${engine}`, environment: { URUMI_KILLS: '20' } }),
  ),
  e2e('churn with real pods', { path: 'churn', environment: { URUMI_CYCLES: '20' } }),
];

const [tree, commit] = await Promise.all([read('git', ['status', '--porcelain']), read('git', ['rev-parse', 'HEAD'])]);
const passedFile = join(process.env['URUMI_CACHE'] ?? join(homedir(), '.cache', 'urumi'), 'gate', commit);
// A changed checkout is no commit: what passed on it says nothing about the next run.
const remembers = tree === '';
const passed = new Set(remembers ? await readPassed() : []);
const failed: string[] = [];
for (const part of parts) {
  if (passed.has(part.name)) {
    say(`== gate: ${part.name}: passed on this commit before`);
    continue;
  }
  const began = performance.now();
  say(`\n== gate: ${part.name}`);
  const isPassed = await run(part);
  say(`== gate: ${part.name}: ${isPassed ? 'ok' : 'FAILED'} (${Math.round((performance.now() - began) / 1000)} s)`);
  if (!isPassed) failed.push(part.name);
  else if (remembers) await remember(part.name);
}
say(failed.length === 0 ? '\nThe gate is passed.' : `\nThe gate is not passed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function readPassed(): Promise<string[]> {
  try {
    return (await readFile(passedFile, 'utf8')).split('\n').filter(Boolean);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function remember(name: string): Promise<void> {
  passed.add(name);
  await mkdir(join(passedFile, '..'), { recursive: true });
  await writeFile(passedFile, `${[...passed].join('\n')}\n`);
}

function run({ command: [program, ...args], environment }: Part): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, URUMI_GATE: '1', ...environment },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

async function read(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  return text.trim();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
