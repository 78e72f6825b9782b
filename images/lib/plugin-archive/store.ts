/** Where checked archives lie in the cache, and how a layer is made of one. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchiveLayer } from '../recipes/types.ts';
import { readZip } from '../zip.ts';

export function archivePath(cache: string, sha256: string): string {
  return join(cache, 'archives', `${sha256}.zip`);
}

/** Unpacks a checked archive below the layer's folder. Its names were found harmless by `content.ts`. */
export async function unpackArchive(
  layer: ArchiveLayer,
  { cache, root }: { cache: string; root: string },
): Promise<void> {
  const target = join(root, layer.into);
  for (const entry of readZip(await readFile(archivePath(cache, layer.sha256)))) {
    const path = join(target, entry.name);
    if (entry.isFolder) await mkdir(path, { recursive: true });
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, entry.content());
    }
  }
}
