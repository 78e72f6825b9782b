/**
 * The server's wait for its shop: setup's mark, or a template's copy that it makes its own. Afterwards the database and
 * the volume of uploads are known to belong together, and pictures to be at the shop's address.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { moveTo } from './address.ts';
import { Cause } from './cause.ts';
import { waitForDatabase, type Database } from './database.ts';
import type { ServerEnvironment } from './environment.ts';
import { assertSameInstance, readInstanceNote, writeInstanceNote } from './instance.ts';
import { log } from './log.ts';
import { ensureInstance, readMarks } from './marks.ts';
import { renewTemplate } from './renew.ts';

const pollMs = 250;
const sayEveryMs = 30_000;

type Wait = { environment: ServerEnvironment; medusa: string; uploads: string };

/**
 * Returns once the database holds this shop, for this Medusa version. A database that is away or restarts is waited for
 * without limit: the pod's startup probe decides when enough is enough.
 *
 * @throws Cause PasswordRefused, DataLost or VolumeFull
 */
export async function waitForShop(wait: Wait): Promise<void> {
  const since = performance.now();
  let saidAt = since;
  let database: Database | undefined;
  log('waiting for setup to finish');
  for (;;) {
    try {
      database ??= await waitForDatabase(wait.environment.database, sayEveryMs);
      if (await isOurs(database, wait)) {
        await database.end();
        log('setup is done', { waitedMs: Math.round(performance.now() - since) });
        return;
      }
    } catch (error) {
      if (error instanceof Cause) throw error;
      log(`the database does not answer: ${error instanceof Error ? error.message : String(error)}`);
      await database?.end().catch(() => log('the lost connection could not be closed'));
      database = undefined;
    }
    if (performance.now() - saidAt > sayEveryMs) {
      saidAt = performance.now();
      log('still waiting for setup to finish', { waitedMs: Math.round(saidAt - since) });
    }
    await delay(pollMs);
  }
}

async function isOurs(database: Database, { environment, medusa, uploads }: Wait): Promise<boolean> {
  const noted = readInstanceNote(uploads);
  const before = await readMarks(database);
  // Before anything is written: a new volume, from a template or empty, must not pass for the old shop.
  assertSameInstance(noted, before.instance);
  if (before.isBareTemplate && environment.renewal !== undefined) await renewTemplate(database, environment.renewal);
  const { setUpFor, isBareTemplate, instance, address } = await readMarks(database);
  if (setUpFor !== medusa || isBareTemplate) return false;
  // A shop set up before databases had ids.
  if (instance === undefined) await ensureInstance(database);
  const id = instance ?? (await readMarks(database)).instance;
  if (noted === undefined && id !== undefined) writeInstanceNote(uploads, id);
  if (address !== environment.storeUrl) await moveTo(database, environment.storeUrl);
  return true;
}
