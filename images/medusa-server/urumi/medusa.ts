/**
 * The one door to Medusa's code. Medusa is CommonJS and not typed for our compiler, so what we use of it is typed here,
 * narrowly, and everything is loaded late: modules cost seconds, which the server spends while it waits for setup.
 *
 * `db:migrate` of Medusa's command line starts further processes that each load everything again; calling its parts
 * in this process halves the time (measured: 20 s against 10 s, two cores).
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** The Medusa project: its configuration, `node_modules`, built admin and uploads. */
export const projectFolder = join(import.meta.dirname, '..');

/** Where the volume of uploads is mounted. */
export const uploadsFolder = join(projectFolder, 'static');

const require = createRequire(import.meta.url);

export type Container = { resolve: (name: string) => unknown };

type Flow<Result> = (container: Container) => { run: (args: { input: unknown }) => Promise<{ result: Result }> };

type Loaders = {
  initializeContainer: (folder: string, options?: { skipDbConnection: boolean }) => Promise<Container>;
  default: (options: {
    directory: string;
    expressApp: unknown;
    skipLoadingEntryPoints: boolean;
  }) => Promise<{ container: Container }>;
};

type ScriptsMigrator = { ensureMigrationsTable: () => Promise<void>; run: (folders: string[]) => Promise<void> };

/** The installed Medusa's version, the number the setup mark carries. */
export function medusaVersion(): string {
  return (require('@medusajs/medusa/package.json') as { version: string }).version;
}

/**
 * Brings tables and links to this version. Safe to repeat; not safe twice at once (setup holds its lock).
 *
 * @throws Error when a migration fails
 */
export async function migrate(): Promise<void> {
  enterProject('setup');
  const { migrate: run } = require('@medusajs/medusa/commands/db/migrate') as {
    migrate: (options: Record<string, unknown>) => Promise<boolean>;
  };
  const container = await (require('@medusajs/medusa/loaders/index') as Loaders).initializeContainer(projectFolder);
  const isDone = await run({
    directory: projectFolder,
    container,
    logger: container.resolve('logger'),
    // Links whose tables no module declares any more are dropped only by hand.
    executeSafeLinks: true,
    // Both would run in processes of their own; the scripts follow below, and no search index is defined.
    skipScripts: true,
    skipSearch: true,
  });
  if (!isDone) throw new Error('Medusa reports that its migrations did not finish');
}

/** Loads the whole application without its HTTP routes, then runs Medusa's own data migrations. Needs migrated tables. */
export async function load(): Promise<Container> {
  enterProject('setup');
  const { MedusaModule } = require('@medusajs/framework/modules-sdk') as {
    MedusaModule: { clearInstances: () => void };
  };
  // Migrating loads modules half-way and caches them so.
  MedusaModule.clearInstances();
  const { container } = await (require('@medusajs/medusa/loaders/index') as Loaders).default({
    directory: projectFolder,
    expressApp: (require('express') as () => unknown)(),
    skipLoadingEntryPoints: true,
  });
  const { MigrationScriptsMigrator } = require('@medusajs/framework/migrations') as {
    MigrationScriptsMigrator: new (options: { container: Container }) => ScriptsMigrator;
  };
  const scripts = new MigrationScriptsMigrator({ container });
  await scripts.ensureMigrationsTable();
  await scripts.run([join(dirname(require.resolve('@medusajs/medusa')), 'migration-scripts')]);
  return container;
}

/**
 * Loads all that the server will ask for, without the database, so that `startServer` is quick once the shop can open.
 * Feature flags and configuration come first: modules look at them while they load.
 */
export async function preloadServer(): Promise<void> {
  enterProject('server');
  require('@medusajs/medusa/commands/start');
  const container = await (require('@medusajs/medusa/loaders/index') as Loaders).initializeContainer(projectFolder, {
    skipDbConnection: true,
  });
  const { modules } = container.resolve('configModule') as { modules: Record<string, ConfiguredModule | undefined> };
  const api = join(dirname(require.resolve('@medusajs/medusa')), 'api');
  const files = [
    '@medusajs/medusa/core-flows',
    ...Object.values(modules).flatMap((module) => [module?.resolve ?? [], providersOf(module)].flat()),
    ...readdirSync(api, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(api, name)),
  ];
  for (const [index, file] of files.entries()) {
    require(file);
    // Between two of them a signal is answered.
    if (index % 10 === 0) await setImmediate();
  }
}

type ConfiguredModule = { resolve?: string; options?: { providers?: { resolve: string }[] } };

function providersOf(module: ConfiguredModule | undefined): string[] {
  return (module?.options?.providers ?? []).map(({ resolve }) => resolve);
}

/** Starts the shop's server; resolves when its routes are loaded. Medusa then answers SIGTERM itself. */
export async function startServer(port: number): Promise<void> {
  enterProject('server');
  const { default: start } = require('@medusajs/medusa/commands/start') as {
    default: (options: { directory: string; port: number }) => Promise<unknown>;
  };
  await start({ directory: projectFolder, port });
}

/** Runs one of Medusa's core workflows, by its exported name, and gives its result. */
export async function runFlow<Result>(container: Container, name: string, input: unknown): Promise<Result> {
  const flow = (require('@medusajs/medusa/core-flows') as Record<string, Flow<Result> | undefined>)[name];
  if (flow === undefined) throw new Error(`Medusa has no core workflow ${name}`);
  return (await flow(container).run({ input })).result;
}

/** Reads rows of one entity. `Row` is what the caller knows of the fields it asks for. */
export async function find<Row>(
  container: Container,
  { entity, fields, filters }: { entity: string; fields: string[]; filters?: Record<string, unknown> },
): Promise<Row[]> {
  const query = container.resolve('query') as { graph: (q: Record<string, unknown>) => Promise<{ data: unknown[] }> };
  return (await query.graph({ entity, fields, filters })).data as Row[];
}

/** Links rows of two modules, as Medusa's own `link` does. Safe to repeat. */
export async function link(container: Container, pair: Record<string, Record<string, string>>): Promise<void> {
  await (
    container.resolve('link') as { create: (pair: Record<string, Record<string, string>>) => Promise<unknown> }
  ).create(pair);
}

/** Medusa looks for its configuration and modules from the working directory. */
function enterProject(as: 'setup' | 'server'): void {
  process.chdir(projectFolder);
  if (as === 'server') return;
  // Keeps background jobs and event handlers out of a short-lived process.
  process.env.MEDUSA_WORKER_MODE = 'server';
  // Some three hundred lines of single migrations say nothing that the steps do not.
  process.env.LOG_LEVEL ??= 'warn';
}
