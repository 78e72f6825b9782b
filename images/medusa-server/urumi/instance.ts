/**
 * Notes the database's id in the volume of uploads. Another id there later means that the database's volume was
 * exchanged: the shop then does not open over an empty or foreign database, and nothing is changed.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cause } from './cause.ts';

const note = '.urumi-instance';

/** The id noted at an earlier start; undefined at the first. */
export function readInstanceNote(uploads: string): string | undefined {
  try {
    return readFileSync(join(uploads, note), 'utf8').trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws Cause VolumeFull */
export function writeInstanceNote(uploads: string, instance: string): void {
  try {
    const file = join(uploads, note);
    writeFileSync(`${file}.new`, `${instance}\n`);
    renameSync(`${file}.new`, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')))
      throw error;
    throw new Cause('VolumeFull', 'The volume of uploads is full. Give it a larger size; the data on it is kept.');
  }
}

/** @throws Cause DataLost when uploads belong to another database than the one that answers */
export function assertSameInstance(noted: string | undefined, found: string | undefined): void {
  if (noted === undefined || noted === found) return;
  throw new Cause(
    'DataLost',
    'The database is not the one this shop was made with: its volume was replaced or emptied. Bring the volume or a ' +
      `backup back; if the old shop may go, remove ${note} from the volume of uploads. Nothing was changed.`,
  );
}
