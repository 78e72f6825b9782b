/** Writes small zip archives for tests, whole or wrong in one way. */
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipFile = {
  name: string;
  content?: string;
  /** Type and rights of a Unix file; a symbolic link is 0o120777. */
  mode?: number;
  /** Packs it instead of storing it. */
  isPacked?: boolean;
  /** Claims another checksum than the content has. */
  isDamaged?: boolean;
};

export function makeZip(files: ZipFile[]): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o100644, isPacked = false, isDamaged = false } of files) {
    const plain = Buffer.from(content);
    const bytes = isPacked ? deflateRawSync(plain) : plain;
    const sum = isDamaged ? crc32(plain) ^ 1 : crc32(plain);
    const facts = Buffer.alloc(20);
    facts.writeUInt16LE(isPacked ? 8 : 0, 2);
    facts.writeUInt32LE(sum >>> 0, 8);
    facts.writeUInt32LE(bytes.length, 12);
    facts.writeUInt32LE(plain.length, 16);
    const nameLength = Buffer.alloc(4);
    nameLength.writeUInt16LE(Buffer.byteLength(name));
    const local = Buffer.concat([signature(0x04034b50), version, facts, nameLength, Buffer.from(name), bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([signature(0x02014b50), version, version, facts, nameLength, rest, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, directory, signature(0x06054b50), end]);
}

const version = Buffer.from([20, 0]);

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
