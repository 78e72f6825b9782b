/**
 * Setup's notes to itself and to the server, in one small table:
 * `content`  - region, shipping and products were filled in once; from then on they belong to the merchant.
 * `setup`    - setup ran to its end, for the Medusa version written beside it.
 * `template` - the database began as a template, of the name beside it.
 * `instance` - this database is one shop's own, by the random id beside it; a copy of a template has none yet.
 * `address`  - the shop's address at the server's last start, under which Medusa keeps uploads.
 */
import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

export type Mark = 'content' | 'setup' | 'address';

/** Creates the table. Only setup calls it, under its lock: two CREATE TABLE IF NOT EXISTS at once can collide. */
export async function ensureMarks(database: Database): Promise<void> {
  await database.query(`CREATE TABLE IF NOT EXISTS urumi_setup (
    mark text PRIMARY KEY, medusa text NOT NULL, made_at timestamptz NOT NULL DEFAULT now())`);
}

export async function hasMark(database: Database, mark: Mark): Promise<boolean> {
  const { rows } = await database.query('SELECT 1 FROM urumi_setup WHERE mark = $1', [mark]);
  return rows.length > 0;
}

/**
 * Safe to repeat: the newest run's note replaces the older.
 *
 * @param beside  Medusa's version or the address; the column is named after the first
 */
export async function writeMark(database: Database, mark: Mark, beside: string): Promise<void> {
  await database.query(
    `INSERT INTO urumi_setup (mark, medusa) VALUES ($1, $2)
     ON CONFLICT (mark) DO UPDATE SET medusa = excluded.medusa, made_at = now()`,
    [mark, beside],
  );
}

/** Gives the database its id, once and for all: an id that is there stays. */
export async function ensureInstance(database: Database): Promise<void> {
  await database.query(`INSERT INTO urumi_setup (mark, medusa) VALUES ('instance', $1) ON CONFLICT DO NOTHING`, [
    randomUUID(),
  ]);
}

/** What the database says about itself. */
export type Marks = {
  /** The version of Medusa that setup has prepared it for. */
  setUpFor: string | undefined;
  /** It is a template's copy that is no shop's own yet. */
  isBareTemplate: boolean;
  instance: string | undefined;
  /** The shop's address at the server's last start, without a slash at its end. */
  address: string | undefined;
};

/** Nothing of it is there while the table is missing. */
export async function readMarks(database: Database): Promise<Marks> {
  const table = await database.query(`SELECT to_regclass('urumi_setup') AS name`);
  if (table.rows[0]?.name === null) {
    return { setUpFor: undefined, isBareTemplate: false, instance: undefined, address: undefined };
  }
  const { rows } = await database.query('SELECT mark, medusa FROM urumi_setup');
  const marks = new Map(rows.map((row) => [String(row.mark), String(row.medusa)]));
  const instance = marks.get('instance');
  return {
    setUpFor: marks.get('setup'),
    isBareTemplate: marks.has('template') && instance === undefined,
    instance,
    address: marks.get('address'),
  };
}
