import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTokens } from '@urumi/shared/domain/tokens';
import { addToken, readWish } from './add-token.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'urumi-tokens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

describe('adding a token', () => {
  it('keeps its digest only, in a file that is its owner’s alone, beside those that are there', async () => {
    const file = join(folder, 'new', 'tokens');
    const first = await addToken({ owner: 'ana', name: 'laptop', file });
    const second = await addToken({ owner: 'ben', name: 'ci', file });
    expect(first).toMatch(/^[\w-]{43}$/);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(first);
    expect(Object.fromEntries(parseTokens(text).holders)).toEqual({
      [digestOf(first)]: { owner: 'ana', name: 'laptop' },
      [digestOf(second)]: { owner: 'ben', name: 'ci' },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('goes on after a last line without an end, and refuses a file it does not understand', async () => {
    const file = join(folder, 'tokens');
    await writeFile(file, `# by hand\n${'a'.repeat(64)} ana laptop`);
    await addToken({ owner: 'ben', name: 'ci', file });
    expect(parseTokens(await readFile(file, 'utf8')).holders.size).toBe(2);
    await writeFile(file, 'secret-in-the-wrong-place\n');
    const refused = await addToken({ owner: 'ben', name: 'ci', file }).catch((error: unknown) => String(error));
    expect(refused).toContain('Lines 1 of');
    expect(refused).not.toContain('secret-in-the-wrong-place');
  });

  it.each([
    [['admin']],
    [['urumi']],
    [['Ana']],
    [['a:b']],
    [['a*']],
    [['-ana']],
    [['ana-']],
    [['']],
    [['a'.repeat(33)]],
    [['ana ben']],
    [['ana', 'ben']],
    [[]],
    [['ana', '--name', 'a b']],
  ])('refuses %j', (args) => {
    expect(() => readWish(args)).toThrow();
  });

  it('takes the owner for its name where none is given', () => {
    expect(readWish(['ana', '--file', 'x'])).toEqual({ owner: 'ana', name: 'ana', file: 'x' });
  });
});
