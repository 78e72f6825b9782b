/**
 * Everything that can be said about the code without a cluster: format, lint, types, import rules, dead code, unit tests.
 * Runs two checks at a time, shows a check's output when it has ended, and says at the end which failed.
 */
import { spawn } from 'node:child_process';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

/** Tests that need more than this machine's Node: see CONTRIBUTING.md. */
const needy = '**/*.{int,browser,chart,cluster,e2e}.spec.ts';

// The longest first, so that the two lanes end together.
const checks: readonly Check[] = [
  { name: 'unit tests', command: ['vitest', 'run', '--exclude', needy, '--project', '!charts', '--reporter', 'dot'] },
  {
    name: 'dashboard tests',
    command: ['vitest', 'run', '--root', 'apps/dashboard', '--project', '!dashboard-browser', '--reporter', 'dot'],
  },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '--cache', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'imports', command: ['depcruise', 'apps', 'libs', '--config', '.dependency-cruiser.cjs'] },
];

const waiting = [...checks];
const failed: string[] = [];
await Promise.all([work(), work()]);
if (failed.length > 0) {
  process.stdout.write(`\nNot in order: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const began = performance.now();
    const { code, output } = await run(check.command);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (code !== 0) {
      failed.push(check.name);
      process.stdout.write(output);
    }
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)\n`);
  }
}

function run([command = '', ...args]: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('pnpm', ['exec', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}
