/** Kubernetes quantities as plain numbers, to add and compare them in tests. */
const units: Readonly<Record<string, number>> = { '': 1, m: 0.001, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** @throws Error for a text that is no quantity of a known unit */
export function parseQuantity(text: string): number {
  const match = /^(?<number>\d+)(?<unit>[A-Za-z]*)$/.exec(text);
  const factor = units[match?.groups?.['unit'] ?? ''];
  if (match === null || factor === undefined) throw new Error(`not a quantity: ${text}`);
  return Number(match.groups?.['number']) * factor;
}
