/**
 * Setup of a shop, in one process: migrate, administrator, publishable key, then once the content (region, shipping,
 * products), at last the mark the server waits for. Safe to run again, on a live shop too, and twice at once.
 *
 * Usage: node setup.ts <folder with settings.json and products.json>
 * Exit 42: the input is wrong or the database's password refused, and trying again cannot help. Any other failure may
 * pass by itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, Cause, badInputExitCode, causeLine } from './cause.ts';
import { parseCatalogue, type Catalogue } from './catalogue.ts';
import { waitForDatabase, withSetupLock, type Database } from './database.ts';
import { readSetupEnvironment, type SetupEnvironment } from './environment.ts';
import { log, logError } from './log.ts';
import { ensureInstance, ensureMarks, hasMark, readMarks, writeMark } from './marks.ts';
import { load, medusaVersion, migrate } from './medusa.ts';
import { renewTemplate } from './renew.ts';
import { parseSettings, type Settings } from './settings.ts';
import { ensureAdministrator } from './steps/administrator.ts';
import { ensureProducts } from './steps/products.ts';
import { ensurePublishableKey, linkPublishableKey } from './steps/publishable-key.ts';
import { ensureRegion } from './steps/region.ts';
import { ensureShipping } from './steps/shipping.ts';
import { ensureStore } from './steps/store.ts';

const databaseWaitMs = 5 * 60_000;

type Input = { environment: SetupEnvironment; settings: Settings; catalogue: Catalogue };

async function setUp(database: Database, { environment, settings, catalogue }: Input): Promise<void> {
  const medusa = medusaVersion();
  await ensureMarks(database);
  if ((await readMarks(database)).setUpFor === medusa) log('the tables are those of this version');
  else await step('tables', migrate);
  // Before the application is loaded, which would otherwise make a publishable key of its own.
  await step('publishable key', () => ensurePublishableKey(database, environment.publishableKey));
  const container = await step('application', load);
  await step('administrator', () => ensureAdministrator(container, environment.admin));

  if (await hasMark(database, 'content')) {
    log('content was filled in before and is left to the merchant');
  } else {
    const { shop } = environment;
    const store = await step('store', () => ensureStore(container, shop));
    const region = await step('region', () => ensureRegion(container, { shop, settings }));
    const shipping = await step('shipping', () => ensureShipping(container, { shop, settings, store, region }));
    await step('products', () => ensureProducts(container, { shop, catalogue, store, shipping }));
    await writeMark(database, 'content', medusa);
  }
  await step('publishable key linked', () => linkPublishableKey(container, environment.publishableKey));
  await ensureInstance(database);
  await writeMark(database, 'setup', medusa);
}

/** Names a step in the log, with its time. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now();
  const result = await work();
  log(`${name}: done`, { tookMs: Math.round(performance.now() - since) });
  return result;
}

function readInput(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

process.on('SIGTERM', () => process.exit(143));
try {
  const since = performance.now();
  const folder = process.argv[2] ?? '/etc/urumi/setup';
  const environment = readSetupEnvironment(process.env);
  const settings = parseSettings(readInput(folder, 'settings.json'));
  const catalogue = parseCatalogue(readInput(folder, 'products.json'));
  const database = await step('database', () => waitForDatabase(environment.database, databaseWaitMs));
  // The server does it too, at the same time: a Job on a template's copy is a second setup of a live shop.
  await step('template', () => renewTemplate(database, environment));
  await withSetupLock(database, () => setUp(database, { environment, settings, catalogue }));
  await database.end();
  log('setup: done', { tookMs: Math.round(performance.now() - since) });
  // Medusa's pools and timers would keep the process alive.
  process.exit(0);
} catch (error) {
  if (error instanceof Cause) process.stderr.write(causeLine(error));
  else logError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  // A refused password is no matter of time either: the Job is not tried again.
  process.exit(error instanceof Cause ? badInputExitCode : 1);
}
