/** The stores created in this tab: their rows need not wait behind *Show new*, since the person has just asked for them. */
const ids = new Set<string>();

export function noteOwnCreation(id: string): void {
  ids.add(id);
}

export function isOwnCreation(id: string): boolean {
  return ids.has(id);
}
