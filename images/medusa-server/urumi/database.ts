/**
 * The few things server and setup ask the database directly: whether it answers yet, the setup lock, the mark.
 * Everything else goes through Medusa. `pg` is the copy that Medusa itself uses.
 */
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { Cause } from './cause.ts';
import type { DatabaseAddress } from './environment.ts';

export type Database = {
  query: (sql: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  end: () => Promise<void>;
};

type Client = Database & {
  connect: () => Promise<void>;
  on: (event: 'error', listener: (error: Error) => void) => void;
};

type PgModule = { Client: new (options: Record<string, unknown>) => Client };

const pg = createRequire(import.meta.url)('pg') as PgModule;

/** A refused connection costs next to nothing, and the shop opens so much sooner. */
const retryMs = 50;

/** PostgreSQL's codes for "this will not get better by waiting": wrong password, no such role. */
const hopeless = new Set(['28P01', '28000']);

/**
 * One connection. A connection lost later makes the next query fail; nothing is thrown out of band.
 *
 * @throws Error of `pg` or of the network, with its `code`
 */
export async function connect(address: DatabaseAddress): Promise<Database> {
  const client = new pg.Client({ ...address, connectionTimeoutMillis: 3000, keepAlive: true });
  // Without a listener a lost connection would end the process before the failed query could be handled.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/**
 * Waits until the database takes connections: it starts at the same time as we do.
 *
 * @param waitMs  gives up after so many milliseconds with the last error
 * @throws Cause PasswordRefused, for then no waiting helps
 */
export async function waitForDatabase(address: DatabaseAddress, waitMs: number): Promise<Database> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return await connect(address);
    } catch (error) {
      if (hopeless.has(codeOf(error))) {
        throw new Cause(
          'PasswordRefused',
          "The database refuses the password of the store's Secret database. Set the password of its user back to the " +
            'one in the Secret, or put the one that holds into the Secret; the data is left alone.',
        );
      }
      if (performance.now() > deadline) throw error;
      await delay(retryMs);
    }
  }
}

/**
 * Runs `work` while holding the one setup lock of this database; a second setup waits here until the first ends.
 * The lock belongs to the connection, so PostgreSQL frees it when a process dies.
 */
export async function withSetupLock<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.query('SELECT pg_advisory_lock($1)', [setupLock]);
  try {
    return await work();
  } finally {
    await database.query('SELECT pg_advisory_unlock($1)', [setupLock]);
  }
}

/** Any fixed number: advisory locks are per database, and the database is this shop's alone. */
const setupLock = 719_408_221;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
