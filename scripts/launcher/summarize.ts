/** An error as a person can read it: some tools put their whole log into a message. */

const linesMax = 12;
const lineLengthMax = 240;

export function summarize(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.slice(0, lineLengthMax));
  if (lines.length <= linesMax) return lines.join('\n');
  // The first line says what failed, the last ones why.
  return [lines[0], '...', ...lines.slice(1 - linesMax)].join('\n');
}
