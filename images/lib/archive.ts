/**
 * Packs layers into a docker-archive, the form `ctr images import`, `k3d image import` and `docker load` all read:
 * a tar of manifest.json, the image configuration and one tar per layer, each named by its hash.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { RunConfig } from './recipes/types.ts';

export type LayerFile = { path: string; sha256: string };

export type Image = { ref: string; run: RunConfig; layers: LayerFile[] };

/** The image configuration as JSON, without times or host names: the same layers always give the same image id. */
export function imageConfig({ run, layers }: Image, architecture: string): string {
  return JSON.stringify({
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: run,
    rootfs: { type: 'layers', diff_ids: layers.map(({ sha256 }) => `sha256:${sha256}`) },
  });
}

/** Writes the archive to `path`, which must not exist or may be overwritten. */
export async function writeArchive(path: string, image: Image, signal?: AbortSignal): Promise<void> {
  const config = imageConfig(image, process.arch === 'x64' ? 'amd64' : process.arch);
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  const layerNames = image.layers.map(({ sha256 }) => `${sha256}.tar`);
  const manifest = JSON.stringify([{ Config: configName, RepoTags: [image.ref], Layers: layerNames }]);

  const output = createWriteStream(path);
  await writeText(output, 'manifest.json', manifest);
  await writeText(output, configName, config);
  const written = new Set<string>();
  for (const [index, layer] of image.layers.entries()) {
    const name = layerNames[index] ?? '';
    if (written.has(name)) continue;
    written.add(name);
    const size = statSync(layer.path).size;
    await write(output, tarHeader(name, size));
    for await (const chunk of createReadStream(layer.path, { highWaterMark: 1 << 20, signal })) {
      await write(output, chunk as Buffer);
    }
    await write(output, padding(size));
  }
  // Two empty blocks end a tar.
  output.end(Buffer.alloc(2 * block));
  await finished(output);
}

/**
 * One header of a tar in the ustar format: a plain file of root's, readable by all.
 *
 * @throws Error for a name or size that does not fit the format
 */
export function tarHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for a tar header`);
  if (size >= 8 ** 11) throw new Error(`${name} is too large for a tar header`);
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  // The checksum counts its own field as spaces.
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

const block = 512;

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

async function writeText(output: WriteStream, name: string, text: string): Promise<void> {
  const content = Buffer.from(text);
  await write(output, Buffer.concat([tarHeader(name, content.length), content, padding(content.length)]));
}

async function write(output: WriteStream, content: Buffer): Promise<void> {
  if (content.length > 0 && !output.write(content)) await once(output, 'drain');
}
