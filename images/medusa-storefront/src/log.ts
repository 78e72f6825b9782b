/**
 * One JSON object per line on stdout. Callers pass only facts that hold no personal data: no address, no name, no form
 * field, no id of a cart or an order.
 */
type Level = 'info' | 'warn' | 'error';
type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;
export type Log = (level: Level, message: string, facts?: LogFacts) => void;

/** @param write  receives one complete line, including its newline */
export function createLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  return (level, message, facts = {}) => {
    write(`${JSON.stringify({ time: now().toISOString(), level, msg: message, ...facts })}\n`);
  };
}
