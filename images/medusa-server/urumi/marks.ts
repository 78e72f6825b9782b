/**
 * Setup's notes to itself and to the server, in one small table:
 * `content` - region, shipping and products were filled in once; from then on they belong to the merchant.
 * `setup`   - setup ran to its end, for the Medusa version written beside it.
 */
import type { Database } from './database.ts';

export type Mark = 'content' | 'setup';

/** Creates the table. Only setup calls it, under its lock: two CREATE TABLE IF NOT EXISTS at once can collide. */
export async function ensureMarks(database: Database): Promise<void> {
  await database.query(`CREATE TABLE IF NOT EXISTS urumi_setup (
    mark text PRIMARY KEY, medusa text NOT NULL, made_at timestamptz NOT NULL DEFAULT now())`);
}

export async function hasMark(database: Database, mark: Mark): Promise<boolean> {
  const { rows } = await database.query('SELECT 1 FROM urumi_setup WHERE mark = $1', [mark]);
  return rows.length > 0;
}

/** Safe to repeat: the newest run's note replaces the older. */
export async function writeMark(database: Database, mark: Mark, medusa: string): Promise<void> {
  await database.query(
    `INSERT INTO urumi_setup (mark, medusa) VALUES ($1, $2)
     ON CONFLICT (mark) DO UPDATE SET medusa = excluded.medusa, made_at = now()`,
    [mark, medusa],
  );
}

/** Whether setup has prepared this database for exactly this version of Medusa. False while the table is missing. */
export async function isSetUpFor(database: Database, medusa: string): Promise<boolean> {
  const table = await database.query(`SELECT to_regclass('urumi_setup') AS name`);
  if (table.rows[0]?.name === null) return false;
  const { rows } = await database.query(`SELECT 1 FROM urumi_setup WHERE mark = 'setup' AND medusa = $1`, [medusa]);
  return rows.length > 0;
}
