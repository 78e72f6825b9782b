/** One JSON line per step on standard output. Takes no objects that could hold a secret: a sentence and plain numbers. */
export function log(message: string, facts: Record<string, string | number> = {}): void {
  process.stdout.write(`${JSON.stringify({ level: 'info', message, ...facts, at: new Date().toISOString() })}\n`);
}

/** The same for what went wrong, on standard error. */
export function logError(message: string): void {
  process.stderr.write(`${JSON.stringify({ level: 'error', message, at: new Date().toISOString() })}\n`);
}
