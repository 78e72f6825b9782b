/** A part of a README that a script writes, between two marks. */

/** @throws Error where a mark is missing */
export function replaceSection(readme: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name}: made by scripts/readme.ts -->`, `<!-- end of ${name} -->`];
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the README lacks the marks ${start} … ${end}`);
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}
