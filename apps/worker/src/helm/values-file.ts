/**
 * The file with the values that every shop gets. Read for each release anew, so that an image that was added meanwhile is
 * used without a restart.
 */
import { readFile } from 'node:fs/promises';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { parse } from 'yaml';
import { parseInstallationValues, type InstallationValues } from './values.ts';

export class ValuesFile {
  readonly #path: string | undefined;
  readonly #logger: Pick<Logger, 'error'>;
  #last: InstallationValues;

  private constructor(path: string | undefined, logger: Pick<Logger, 'error'>, first: InstallationValues) {
    this.#path = path;
    this.#logger = logger;
    this.#last = first;
  }

  /**
   * @param path  absent: every shop gets the chart's defaults
   * @throws Error that names the file where it cannot be read or holds anything else
   */
  static async open(path: string | undefined, logger: Pick<Logger, 'error'>): Promise<ValuesFile> {
    return new ValuesFile(path, logger, path === undefined ? {} : await readValues(path));
  }

  /** The values now. A file that cannot be used any more is told in the log, and what it held before counts. */
  async read(): Promise<InstallationValues> {
    if (this.#path === undefined) return this.#last;
    try {
      this.#last = await readValues(this.#path);
    } catch (error) {
      this.#logger.error({ err: error }, 'the values for every shop cannot be read; those of before are used');
    }
    return this.#last;
  }
}

async function readValues(path: string): Promise<InstallationValues> {
  const text = await readFile(path, 'utf8');
  try {
    return parseInstallationValues(parse(text));
  } catch (error) {
    throw new Error(`${path} does not hold values for every shop`, { cause: error });
  }
}
