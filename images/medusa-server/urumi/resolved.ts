/**
 * Where each of Medusa's modules finds those it asks for, looked up once when the image is built (warm-cache.ts). Without
 * it the server spends a second of its start on asking the file system about folders that do not exist.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the asking module, what it asks for, and the file that answers; files by their number in `files`. */
export type Resolved = { files: string[]; asked: Record<string, Record<string, number>> };

type Loader = {
  _resolveFilename: (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;
};

/** Makes `require` look there first. A question nobody asked before is answered as usual. */
export function useResolved(project: string): void {
  const { files, asked } = readResolved(join(project, 'resolved.json'));
  const loader = createRequire(import.meta.url)('node:module') as Loader;
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest): string {
    const from = parent?.filename;
    if (from !== undefined && from !== null && rest[1] === undefined && from.startsWith(project)) {
      const file = files[asked[dirname(from).slice(project.length)]?.[request] ?? -1];
      if (file !== undefined) return project + file;
    }
    return original.call(this, request, parent, ...rest);
  };
}

function readResolved(path: string): Resolved {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Resolved;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { files: [], asked: {} };
    throw error;
  }
}
