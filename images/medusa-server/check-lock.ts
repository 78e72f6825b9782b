/**
 * Compares what npm installed with the lockfile: same place, same version, same integrity hash. `npm ci` would do, but
 * it also refuses a lockfile without packages of other platforms, and a registry mirror may not carry those
 * (npm 11.19: "Missing: @msgpackr-extract/msgpackr-extract-darwin-arm64@ from lock file").
 *
 *   node check-lock.ts <lockfile> <project>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Lock = { packages: Record<string, { version?: string; integrity?: string }> };

const [lockfile, project] = process.argv.slice(2);
if (lockfile === undefined || project === undefined) throw new Error('usage: node check-lock.ts <lockfile> <project>');

const locked = read(lockfile);
const installed = read(join(project, 'node_modules/.package-lock.json'));
const strangers = Object.entries(installed.packages).filter(([place, { version, integrity }]) => {
  const wanted = locked.packages[place];
  return integrity === undefined || wanted?.version !== version || wanted?.integrity !== integrity;
});
if (strangers.length > 0) {
  const list = strangers.map(([place, { version }]) => `  ${place} ${version ?? 'without a version'}`).join('\n');
  process.stderr.write(`npm installed what the lockfile does not name:\n${list}\n`);
  process.exit(1);
}

function read(path: string): Lock {
  return JSON.parse(readFileSync(path, 'utf8')) as Lock;
}
