/** Reads the mount table of this process (proc(5), mountinfo). */
import { readFileSync } from 'node:fs';

export interface Mount {
  path: string;
  type: string;
}

export function readMounts(): Mount[] {
  return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** Blanks and backslashes in paths are written as octal escapes. */
export function parseMountInfo(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const path = (before.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      );
      return { path, type: after.split(' ')[0] ?? '' };
    });
}
