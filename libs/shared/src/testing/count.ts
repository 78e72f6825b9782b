/** How often a test repeats itself: the smallest count that can fail, or, for the release gate, the full one. */
export function countFor({ change, gate }: { readonly change: number; readonly gate: number }): number {
  return process.env['URUMI_GATE'] === '1' ? gate : change;
}
