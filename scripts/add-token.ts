/**
 * Adds a token for an owner: `node scripts/add-token.ts OWNER [--name NAME] [--file FILE]`. The token is printed once; the
 * file keeps its digest only. A running api takes it at once. Safe to repeat: every call makes a further token.
 */
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { adminOwner, isTenantOwner } from '@urumi/shared/domain/owners';
import { isTokenName, parseTokens, toTokenLine } from '@urumi/shared/domain/tokens';
import { buildPlaces, findStateFolder } from './launcher/places.ts';
import { readIfThere, writePrivateFile } from './launcher/private-file.ts';

const usage = 'Usage: node scripts/add-token.ts OWNER [--name NAME] [--file FILE]';

export interface TokenWish {
  readonly owner: string;
  readonly name: string;
  readonly file: string;
}

/** @throws Error with a sentence for the person at the terminal */
export function readWish(args: readonly string[]): TokenWish {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { name: { type: 'string' }, file: { type: 'string' } },
  });
  const [owner, ...rest] = positionals;
  if (owner === undefined || rest.length > 0) throw new Error(usage);
  if (!isTenantOwner(owner)) {
    throw new Error(
      `An owner has 1 to 32 lower-case letters, digits and hyphens and begins with a letter; "${adminOwner}" and "urumi" are kept. ${usage}`,
    );
  }
  const name = values.name ?? owner;
  if (!isTokenName(name)) throw new Error('A name has 1 to 63 letters and digits, and . _ @ - after the first.');
  return { owner, name, file: values.file ?? buildPlaces(findStateFolder()).tokens };
}

/** @returns the token: 256 random bits, as text that fits into headers */
export async function addToken({ owner, name, file }: TokenWish): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const digest = createHash('sha256').update(token, 'utf8').digest('hex');
  const before = (await readIfThere(file)) ?? '';
  const { badLines } = parseTokens(before);
  if (badLines.length > 0)
    throw new Error(`Lines ${badLines.join(', ')} of ${file} cannot be used. Correct them first.`);
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await writePrivateFile(file, before + separator + toTokenLine(digest, { owner, name }));
  return token;
}

if (import.meta.main) {
  try {
    const wish = readWish(process.argv.slice(2));
    console.log(await addToken(wish));
    console.error(`Token for ${wish.owner}, shown this once; ${wish.file} keeps only its digest.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
