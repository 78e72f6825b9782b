/** Brings an archive into the cache, under its checksum: copied from a path, or fetched from an address. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PluginArchiveError } from './error.ts';
import { archivePath } from './store.ts';

export type Wanted = { what: 'plugin' | 'theme'; from: string; sha256?: string };

export type Obtained = { path: string; sha256: string };

/** WooCommerce 11 has 26 MB. */
const sizeMax = 200 * 1024 * 1024;
const timeoutMs = 5 * 60_000;

/** @throws PluginArchiveError; the signal's reason when aborted */
export async function obtain({ what, from, sha256 }: Wanted, cache: string, signal?: AbortSignal): Promise<Obtained> {
  const isAddress = /^https?:\/\//i.test(from);
  const wanted = sha256?.toLowerCase();
  if (wanted !== undefined && !/^[0-9a-f]{64}$/.test(wanted)) {
    throw new PluginArchiveError('wrongChecksum', `The checksum of the ${what} archive must be a sha256 of 64 digits.`);
  }
  if (isAddress && wanted === undefined) {
    throw new PluginArchiveError(
      'needsChecksum',
      `The ${what} archive is given by an address: give its sha256 too, so that nobody can exchange it on the way.`,
    );
  }
  if (isAddress && wanted !== undefined && existsSync(archivePath(cache, wanted))) {
    return { path: archivePath(cache, wanted), sha256: wanted };
  }
  const part = join(cache, 'archives', `part-${process.pid}-${what}`);
  await mkdir(dirname(part), { recursive: true });
  try {
    const content = isAddress ? await openAddress({ what, from }, signal) : await openFile({ what, from });
    const found = await save(content, { what, part }, signal);
    if (wanted !== undefined && found !== wanted) {
      throw new PluginArchiveError(
        'wrongChecksum',
        `The ${what} archive ${from} has the sha256 ${found}, not ${wanted}: check where it comes from, then correct the archive or the checksum.`,
      );
    }
    const path = archivePath(cache, found);
    await rename(part, path);
    return { path, sha256: found };
  } finally {
    await rm(part, { force: true });
  }
}

async function openFile({ what, from }: Wanted): Promise<Readable> {
  const isFile = await stat(from).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) {
    throw new PluginArchiveError(
      'missing',
      `There is no ${what} archive at ${from}: put the zip there or correct the path.`,
    );
  }
  return createReadStream(from);
}

async function openAddress({ what, from }: Wanted, signal: AbortSignal | undefined): Promise<Readable> {
  const limit = AbortSignal.timeout(timeoutMs);
  const unreachable = (why: string): PluginArchiveError =>
    new PluginArchiveError(
      'unreachable',
      `The ${what} archive cannot be fetched from ${from} (${why}): check the address, or give the path of a zip on this machine.`,
    );
  const response = await fetch(from, { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) }).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      throw unreachable(reasonOf(error));
    },
  );
  if (!response.ok || response.body === null) throw unreachable(`status ${response.status}`);
  // A connection that breaks half-way is no other fault than one that never came about.
  return Readable.fromWeb(response.body).on('error', () => undefined);
}

/** Writes the content to `part` and gives its checksum. */
async function save(
  content: Readable,
  { what, part }: { what: string; part: string },
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _, done) => {
      size += chunk.length;
      hash.update(chunk);
      if (size <= sizeMax) done(null, chunk);
      else
        done(
          new PluginArchiveError(
            'tooLarge',
            `The ${what} archive is larger than ${sizeMax >> 20} MB: give the plain zip.`,
          ),
        );
    },
  });
  try {
    await pipeline(content, count, createWriteStream(part), { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PluginArchiveError) throw error;
    throw new PluginArchiveError(
      'unreachable',
      `The ${what} archive could not be read to its end (${reasonOf(error)}): try again, or give the path of a zip on this machine.`,
    );
  }
  return hash.digest('hex');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
