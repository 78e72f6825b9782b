/** What a check says: one plain sentence and, where something is not in order, one remedy. Owns how both are shown. */

export type Finding =
  | { readonly state: 'ok'; readonly saw: string }
  | { readonly state: 'WARN' | 'FAULT' | '?'; readonly saw: string; readonly remedy: string };

export type Line = Finding & { readonly check: string };

/** Names listed in one sentence; more are counted. */
const namesMax = 4;
const checkWidth = 17;

export const ok = (saw: string): Finding => ({ state: 'ok', saw });
/** It works, and something will not, or is less than what was asked for. */
export const warn = (saw: string, remedy: string): Finding => ({ state: 'WARN', saw, remedy });
/** It does not work, or a guard is gone. */
export const fault = (saw: string, remedy: string): Finding => ({ state: 'FAULT', saw, remedy });
/** It could not be told. */
export const unknown = (saw: string, remedy: string): Finding => ({ state: '?', saw, remedy });

export function toText(line: Line): string {
  const first = `${line.state.padEnd(5)}  ${line.check.padEnd(checkWidth)}  ${toPlain(line.saw)}`;
  return line.state === 'ok' ? first : `${first}\n${' '.repeat(checkWidth + 9)}remedy: ${toPlain(line.remedy)}`;
}

/** `a, b and 3 more` */
export function listNames(names: readonly string[]): string {
  const rest = names.length - namesMax;
  return names.slice(0, namesMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** `1 node`, `2 nodes` */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** Names and messages come out of the cluster: no control character of theirs reaches a terminal. */
function toPlain(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
