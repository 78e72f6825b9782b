/**
 * Removes from an installed Medusa project what a running shop never loads: the admin's sources and the tools that
 * built it, tracing exporters, type declarations, source maps. What stays is found by following dependencies from the
 * project, so a package goes only when nothing that stays asks for it.
 *
 *   node prune.ts <project>
 *
 * The images' integration test runs setup, server and an order on the result.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Never followed, whoever asks. Each is loaded only by what its comment says, which a shop's pod does not do. */
const cut = new Set([
  // Building the admin.
  '@medusajs/admin-vite-plugin',
  '@medusajs/dashboard',
  '@vitejs/plugin-react',
  'autoprefixer',
  'postcss',
  'tailwindcss',
  'typescript',
  'vite',
  // The browser side of the admin, compiled into public/admin.
  '@ariakit/react',
  '@hookform/resolvers',
  '@medusajs/icons',
  '@medusajs/js-sdk',
  '@medusajs/ui',
  '@tanstack/react-query',
  '@uiw/react-json-view',
  'date-fns',
  'match-sorter',
  'radix-ui',
  'react',
  'react-dom',
  'react-hook-form',
  'react-router-dom',
  // Tracing, loaded only from an instrumentation file, which our project does not have.
  '@opentelemetry/instrumentation-pg',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-node',
  // Letters made of letters, for the welcome of an interactive command line.
  'figlet',
]);

const uselessFile = /\.(d\.[cm]?ts|map|md|markdown|tsbuildinfo|flow)$/i;

type Manifest = Partial<Record<'dependencies' | 'optionalDependencies' | 'peerDependencies', Record<string, string>>>;

const project = process.argv[2];
if (project === undefined) throw new Error('usage: node prune.ts <project>');

const kept = reachable(project);
removePackages(join(project, 'node_modules'), kept);
removeFiles(join(project, 'node_modules'));
makeMigrationFolders(join(project, 'node_modules/@medusajs'));

/** The folders of every package that can be asked for, starting with the project's own dependencies. */
function reachable(root: string): Set<string> {
  const found = new Set<string>();
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const names = Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    });
    for (const name of names.filter((candidate) => !cut.has(candidate))) {
      const target = resolve(folder, name);
      // Optional and peer dependencies may be absent.
      if (target === undefined || found.has(target)) continue;
      found.add(target);
      open.push(target);
    }
  }
  return found;
}

/** Where Node would find the package from a folder: in the nearest node_modules upwards that has it. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === project) return undefined;
  }
}

function removePackages(modules: string, keep: Set<string>): void {
  if (!existsSync(modules)) return;
  for (const entry of readdirSync(modules)) {
    // .bin and npm's own list of what it installed.
    if (entry.startsWith('.')) {
      rmSync(join(modules, entry), { recursive: true });
      continue;
    }
    const names = entry.startsWith('@') ? readdirSync(join(modules, entry)).map((name) => join(entry, name)) : [entry];
    for (const name of names) {
      const folder = join(modules, name);
      if (keep.has(folder)) removePackages(join(folder, 'node_modules'), keep);
      else rmSync(folder, { recursive: true });
    }
  }
}

function removeFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeFiles(path);
    else if (uselessFile.test(entry.name) && !/^(licen[cs]e|copying|notice)/i.test(entry.name)) rmSync(path);
  }
}

/**
 * Medusa's migrator makes a missing `dist/migrations` in each of its packages, which a read-only root forbids.
 * An empty one is enough.
 */
function makeMigrationFolders(scope: string): void {
  for (const name of readdirSync(scope)) {
    const dist = join(scope, name, 'dist');
    if (existsSync(dist)) mkdirSync(join(dist, 'migrations'), { recursive: true });
  }
}
