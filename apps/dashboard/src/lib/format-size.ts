/** Sizes and counts as people read them: `640 MB`, `1.5 GB`, `1 store`, `4th`. */

/** Memory given in MiB; from 1 GiB on in GB with one decimal at most. */
export function formatMemory(mebibytes: number): string {
  if (mebibytes < 1000) return `${mebibytes} MB`;
  return `${trimZero((mebibytes / 1024).toFixed(1))} GB`;
}

/** `1 store`, `3 stores` */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th` */
export function formatOrdinal(position: number): string {
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${position}${suffixes[ordinal.select(position)] ?? 'th'}`;
}

const ordinal = new Intl.PluralRules('en-GB', { type: 'ordinal' });

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}
