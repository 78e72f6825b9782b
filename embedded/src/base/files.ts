/**
 * Small file operations that must not leave half a file behind.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** Replaces a file in one step, so that a reader sees the old text or the new one. */
export function writeFileAtomic(file: string, text: string, mode = 0o644): void {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
}

export function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** The last lines of a text file; empty when there is none. */
export function tailOf(file: string, lines: number): string[] {
  if (!existsSync(file)) return [];
  const bytes = statSync(file).size;
  const buffer = Buffer.alloc(Math.min(bytes, 64 * 1024));
  const handle = openSync(file, 'r');
  try {
    readSync(handle, buffer, 0, buffer.length, bytes - buffer.length);
  } finally {
    closeSync(handle);
  }
  return buffer
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines);
}
