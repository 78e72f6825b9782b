/**
 * Reads zip archives from strangers: the list at the archive's end decides, every content is checked against its length
 * and checksum. Refuses what no plugin archive needs: encryption, several volumes, more than 4 GB.
 */
import { crc32, inflateRawSync } from 'node:zlib';

export type ZipEntry = {
  /** With forward slashes, as written in the archive. */
  name: string;
  isFolder: boolean;
  /** A symbolic link or device: anything but a file or folder. */
  isSpecial: boolean;
  /** Unpacked length in bytes. */
  size: number;
  /** Unpacks it. @throws CorruptZip when length or checksum are not those of the list */
  content: () => Buffer;
};

/** The archive cannot be read to its end: cut off, changed, or no zip at all. */
export class CorruptZip extends Error {
  override name = 'CorruptZip';
}

const endSignature = 0x06054b50;
const endLength = 22;
const listSignature = 0x02014b50;
const localSignature = 0x04034b50;

/** @throws CorruptZip */
export function readZip(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || zip.readUInt32LE(at) !== listSignature) throw new CorruptZip('its list of files is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const next = at + 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (next > end) throw new CorruptZip('its list of files is damaged');
    entries.push(toEntry(zip, at, zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))));
    at = next;
  }
  return entries;
}

/** The end record: the last 22 bytes, before a comment of at most 64 kB. */
function findEnd(zip: Buffer): number {
  for (let at = zip.length - endLength; at >= Math.max(0, zip.length - endLength - 0xffff); at -= 1) {
    if (zip.readUInt32LE(at) === endSignature) return at;
  }
  throw new CorruptZip('its end is missing');
}

function toEntry(zip: Buffer, at: number, name: string): ZipEntry {
  const isEncrypted = (zip.readUInt16LE(at + 8) & 1) === 1;
  const method = zip.readUInt16LE(at + 10);
  const sum = zip.readUInt32LE(at + 16);
  const packed = zip.readUInt32LE(at + 20);
  const size = zip.readUInt32LE(at + 24);
  // The upper half of the outer attributes is the file's mode where the archive was made on a Unix system.
  const type = (zip.readUInt32LE(at + 38) >>> 16) & 0o170000;
  const local = zip.readUInt32LE(at + 42);
  if (isEncrypted || (method !== 0 && method !== 8)) throw new CorruptZip(`${name} is packed in an unknown way`);
  return {
    name,
    isFolder: name.endsWith('/'),
    isSpecial: type !== 0 && type !== 0o100000 && type !== 0o040000,
    size,
    content: () => unpack(zip, { name, method, sum, packed, size, local }),
  };
}

type Packed = { name: string; method: number; sum: number; packed: number; size: number; local: number };

function unpack(zip: Buffer, { name, method, sum, packed, size, local }: Packed): Buffer {
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== localSignature) throw new CorruptZip(`${name} is damaged`);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + packed);
  const content = method === 0 ? bytes : inflate(bytes, name, size);
  if (content.length !== size || crc32(content) !== sum) throw new CorruptZip(`${name} is damaged`);
  return content;
}

function inflate(bytes: Buffer, name: string, size: number): Buffer {
  try {
    // Never more than the list promised, however much the bytes would give.
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new CorruptZip(`${name} is damaged`);
  }
}
