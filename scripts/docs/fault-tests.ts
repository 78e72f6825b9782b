/**
 * Which tests prove which fault, found by their titles: a title that begins with `F12: ` (or `F12, F13: `) proves that row,
 * at the level that its file's place and name tell.
 */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Level } from './fault-rows.ts';

export interface FaultTest {
  readonly row: string;
  readonly level: Level;
  /** Path from the project's root. */
  readonly file: string;
}

const places = ['{apps,libs,e2e,scripts,charts,embedded,images}/**/*.spec.{ts,tsx}'];
const title = /['"`](?<rows>F\d+(?:, F\d+)*): /g;

/** @param folder  the project's root */
export async function findFaultTests(folder: string): Promise<FaultTest[]> {
  const found = new Map<string, FaultTest>();
  for await (const file of glob(places, {
    cwd: folder,
    exclude: (name) => /^(node_modules|dist)$/.test(name),
  })) {
    const level = toLevel(file);
    const text = await readFile(join(folder, file), 'utf8');
    for (const match of text.matchAll(title)) {
      for (const row of (match.groups?.['rows'] ?? '').split(', ')) found.set(`${row} ${file}`, { row, level, file });
    }
  }
  return [...found.values()].sort((a, b) => a.file.localeCompare(b.file));
}

function toLevel(file: string): Level {
  if (/^e2e\/(faults|chaos)\//.test(file)) return 'S';
  if (/\.(e2e|cluster)\.spec\.ts$/.test(file)) return 'R';
  return file.endsWith('.int.spec.ts') ? 'I' : 'U';
}
