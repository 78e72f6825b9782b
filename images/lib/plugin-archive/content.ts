/** Looks into an archive: whole, harmless, what it is meant to be, and made for the WordPress and PHP of our image. */
import { readFile } from 'node:fs/promises';
import { CorruptZip, readZip, type ZipEntry } from '../zip.ts';
import { wordpressVersion } from '../recipes/wordpress.ts';
import { PluginArchiveError } from './error.ts';

export type Content = { folder: string; version: string };

type Kind = {
  /** Its one top folder; undefined: any. */
  folder: string | undefined;
  /** The file whose comment names version and requirements. */
  file: string;
  wrongKind: 'notWooCommerce' | 'notATheme';
  advice: string;
  /** Older ones do not work with our WordPress. */
  oldest: string | undefined;
};

/** Of Debian trixie, which the web image is made from. */
const php = '8.4';

const kinds: Record<'plugin' | 'theme', Kind> = {
  plugin: {
    folder: 'woocommerce',
    file: 'woocommerce.php',
    wrongKind: 'notWooCommerce',
    advice: 'give the zip of WooCommerce as its makers publish it',
    oldest: '10.5.0',
  },
  theme: {
    folder: undefined,
    file: 'style.css',
    wrongKind: 'notATheme',
    advice: 'give the zip of a WordPress theme as its makers publish it',
    oldest: undefined,
  },
};

/** Unpacked: WooCommerce 11 has 75 MB. */
const unpackedMax = 600 * 1024 * 1024;

/** @throws PluginArchiveError */
export async function checkContent(what: 'plugin' | 'theme', path: string): Promise<Content> {
  const kind = kinds[what];
  const entries = readWhole(what, await readFile(path));
  const folder = topFolder(what, kind, entries);
  const main = entries.find(({ name }) => name === `${folder}/${kind.file}`);
  if (main === undefined) {
    throw new PluginArchiveError(kind.wrongKind, `The ${what} archive has no ${folder}/${kind.file}: ${kind.advice}.`);
  }
  const text = main.content().toString('utf8', 0, headerLength);
  const version = readHeader(text, 'Version');
  if (version === undefined || !/^\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$/i.test(version)) {
    throw new PluginArchiveError(
      kind.wrongKind,
      `${folder}/${kind.file} of the ${what} archive names no version: ${kind.advice}.`,
    );
  }
  assertFits(what, { name: `${folder} ${version}`, version, oldest: kind.oldest, text });
  return { folder, version };
}

/** Every entry, after reading all of them once: a zip that breaks in the middle must not break a build. */
function readWhole(what: string, zip: Buffer): ZipEntry[] {
  try {
    const entries = readZip(zip);
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    if (size > unpackedMax) {
      throw new PluginArchiveError(
        'tooLarge',
        `The ${what} archive unpacks to ${size >> 20} MB, more than ${unpackedMax >> 20}: give the plain zip.`,
      );
    }
    for (const entry of entries) {
      assertHarmless(what, entry);
      if (!entry.isFolder) entry.content();
    }
    return entries;
  } catch (error) {
    if (!(error instanceof CorruptZip)) throw error;
    throw new PluginArchiveError('corrupt', `The ${what} archive is no whole zip (${error.message}): fetch it again.`);
  }
}

/** A name that leaves the folder it is unpacked in, or a link that leads out of it. */
function assertHarmless(what: string, { name, isSpecial }: ZipEntry): void {
  const parts = name.replace(/\/$/, '').split('/');
  const isPlain =
    !name.includes('\\') && !name.includes('\0') && parts.every((part) => !['', '.', '..'].includes(part));
  if (isPlain && !isSpecial) return;
  throw new PluginArchiveError(
    'unsafe',
    `The ${what} archive holds ${JSON.stringify(name)}, which could write outside its folder: do not use it, and fetch the original.`,
  );
}

function topFolder(what: string, { folder, wrongKind, advice }: Kind, entries: ZipEntry[]): string {
  const folders = [...new Set(entries.map(({ name }) => name.split('/')[0] ?? ''))];
  const [found] = folders;
  const isOne = folders.length === 1 && found !== undefined && /^[a-z0-9][a-z0-9._-]*$/i.test(found);
  if (isOne && (folder === undefined || folder === found)) return found;
  throw new PluginArchiveError(
    wrongKind,
    `The ${what} archive must hold one folder${folder === undefined ? '' : ` ${folder}/`} and nothing beside it: ${advice}.`,
  );
}

type Fit = { name: string; version: string; oldest: string | undefined; text: string };

function assertFits(what: string, { name, version, oldest, text }: Fit): void {
  if (oldest !== undefined && compareVersions(version, oldest) < 0) {
    throw new PluginArchiveError(
      'tooOld',
      `The ${what} ${name} is too old for WordPress ${wordpressVersion}: give ${oldest} or newer.`,
    );
  }
  const needs = [
    ['WordPress', readHeader(text, 'Requires at least'), wordpressVersion],
    ['PHP', readHeader(text, 'Requires PHP'), php],
  ] as const;
  for (const [part, wanted, ours] of needs) {
    if (wanted === undefined || compareVersions(wanted, ours) <= 0) continue;
    throw new PluginArchiveError(
      'tooNew',
      `The ${what} ${name} needs ${part} ${wanted}, and the image has ${ours}: give an older ${what}, or update the image.`,
    );
  }
}

/** WordPress itself reads no more of a file. */
const headerLength = 8192;

/** A line `Name: value` of the comment at a file's beginning. */
function readHeader(text: string, name: string): string | undefined {
  return new RegExp(`^[ \\t/*#@]*${name}:(.*)$`, 'im').exec(text)?.[1]?.trim() || undefined;
}

/** By numbers; a version of fewer parts has zeros there. Letters after a dash do not count. */
function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => (version.split('-')[0] ?? '').split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
