/**
 * Medusa keeps an upload's picture under the whole address the shop had when it came. When the shop has moved, every
 * picture kept under its last address is brought to the one it has now, before the server opens.
 */
import type { Database } from './database.ts';
import { log } from './log.ts';
import { readMarks, writeMark } from './marks.ts';
import { pictureColumns } from './picture-columns.ts';

/** Any fixed number but that of setup, whose lock is held for seconds. */
const moveLock = 719_408_222;

/**
 * One transaction, the note of the address in it: a death at any point leaves all as it was, and the next start does it
 * again. Only addresses below the shop's own last one change.
 *
 * @param storeUrl  the shop's address now, without a slash at its end
 */
export async function moveTo(database: Database, storeUrl: string): Promise<void> {
  await database.query('BEGIN');
  try {
    await database.query('SELECT pg_advisory_xact_lock($1)', [moveLock]);
    const { address } = await readMarks(database);
    const left = (address === undefined ? await addressesOfSetup(database) : [address]).filter(
      (old) => old !== storeUrl,
    );
    let rows = 0;
    for (const old of left) rows += await replaceAddress(database, old, storeUrl);
    await writeMark(database, 'address', storeUrl);
    await database.query('COMMIT');
    if (left.length > 0) log('pictures have moved to the new address', { rows });
  } catch (error) {
    await database.query('ROLLBACK');
    throw error;
  }
}

/**
 * Where setup stored whole addresses, of a shop made before the address was noted: its pictures are named after their
 * products. None where setup stored paths.
 */
async function addressesOfSetup(database: Database): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT DISTINCT origin FROM product, substring(thumbnail FROM '^https?://[^/]+') AS origin
     WHERE thumbnail = origin || '/media/' || handle || '.svg'`,
  );
  return rows.map(({ origin }) => String(origin));
}

/** @returns how many rows changed */
async function replaceAddress(database: Database, old: string, now: string): Promise<number> {
  let changed = 0;
  for (const { table, column } of pictureColumns) {
    const { rowCount } = await database.query(
      `UPDATE "${table}" SET ${column} = $2 || substr(${column}, length($1::text) + 1)
       WHERE starts_with(${column}, $1)`,
      // With the slash, or a longer host or port would begin the same.
      [`${old}/`, `${now}/`],
    );
    changed += rowCount ?? 0;
  }
  return changed;
}
