/**
 * Tokens beside the admin's, from a file that is read again when it changes: a token is added or taken away without a
 * restart, and a wipe of Redis loses none. What cannot be used is told by line number, never by its text.
 */
import { readFile, stat } from 'node:fs/promises';
import { parseTokens, type TokenHolder, type TokenList } from '@urumi/shared/domain/tokens';

export interface TokensFileLog {
  warn(details: object, message: string): void;
}

const nobody: TokenList = { holders: new Map(), badLines: [] };
/** Others on the machine have no business here: a line they could add would be a key. */
const othersMask = 0o007;

export class TokensFile {
  readonly #path: string | null;
  readonly #log: TokensFileLog;
  #list = nobody;
  #version = '';

  /** @param path  `null` where there is none; the file itself may come later */
  constructor(path: string | null, log: TokensFileLog) {
    this.#path = path;
    this.#log = log;
  }

  /** @param digest  SHA-256 of the token as sent */
  async find(digest: Buffer): Promise<TokenHolder | null> {
    if (this.#path === null) return null;
    await this.#refresh(this.#path);
    return this.#list.holders.get(digest.toString('hex')) ?? null;
  }

  /** A file that cannot be read for a moment changes nothing; one that is gone lets nobody in. */
  async #refresh(path: string): Promise<void> {
    try {
      const { mtimeMs, ctimeMs, size, ino, mode } = await stat(path);
      const version = [mtimeMs, ctimeMs, size, ino, mode].join();
      if (version === this.#version) return;
      const isOpenToOthers = (mode & othersMask) !== 0;
      this.#list = isOpenToOthers ? nobody : parseTokens(await readFile(path, 'utf8'));
      this.#version = version;
      if (isOpenToOthers) this.#log.warn({}, 'the tokens file is open to others on this machine and is not used');
      if (this.#list.badLines.length > 0) {
        this.#log.warn({ lines: this.#list.badLines }, 'the tokens file has lines that cannot be used');
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        this.#list = nobody;
        this.#version = '';
        return;
      }
      this.#log.warn({ err: error }, 'the tokens file cannot be read; what was read before holds');
    }
  }
}
