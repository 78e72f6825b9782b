/**
 * Lines of a stream. Unlike node:readline it raises no event of its own when the stream breaks: errors stay with
 * whoever owns the stream.
 */
import type { Readable } from 'node:stream';

/** Calls `onLine` for every complete line that is not empty. */
export function onLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
}
