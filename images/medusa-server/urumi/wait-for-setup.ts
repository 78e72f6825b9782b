/** The server's wait: tables and content come from the setup Job, which starts at the same time. */
import { setTimeout as delay } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import { waitForDatabase, type Database } from './database.ts';
import type { DatabaseAddress } from './environment.ts';
import { log } from './log.ts';
import { isSetUpFor } from './marks.ts';

const pollMs = 250;
const sayEveryMs = 30_000;

/**
 * Returns once setup has left its mark for this Medusa version. A database that is away or restarts is waited for
 * without limit: the pod's startup probe decides when enough is enough.
 */
export async function waitForSetup(address: DatabaseAddress, medusa: string): Promise<void> {
  const since = performance.now();
  let saidAt = since;
  let database: Database | undefined;
  log('waiting for setup to finish');
  for (;;) {
    try {
      database ??= await waitForDatabase(address, sayEveryMs);
      if (await isSetUpFor(database, medusa)) {
        await database.end();
        log('setup is done', { waitedMs: Math.round(performance.now() - since) });
        return;
      }
    } catch (error) {
      if (error instanceof BadInput) throw error;
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
