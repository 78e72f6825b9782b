/**
 * The name of a prepared data directory: what it was made from, and the first digits of a hash over the chart's files
 * for that engine. The chart computes the same name, so a template is used only where setup would do what it did.
 *
 *   node images/lib/template-name.ts <kind> <version> <variant>     prints the name, for `docker build`
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type TemplateKind = 'medusa' | 'woocommerce' | 'wordpress';

const chartFilesFolder = join(import.meta.dirname, '../../charts/ecommerce-store/files');

/**
 * @param version  of Medusa, of the plugin or of WordPress
 * @param variant  what cannot be renewed later: Medusa's currency, WordPress's locale
 */
export function templateName(
  kind: TemplateKind,
  version: string,
  variant: string,
  filesFolder: string = chartFilesFolder,
): string {
  return `${kind}-${version}-${variant}-${hashFiles(join(filesFolder, chartFolder[kind]))}`;
}

/** Folder of the chart's files: both WordPress kinds share one. */
export const chartFolder: Record<TemplateKind, string> = {
  medusa: 'medusa',
  woocommerce: 'woocommerce',
  wordpress: 'woocommerce',
};

function hashFiles(folder: string): string {
  const lines = readdirSync(folder)
    .toSorted()
    .map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`);
  return sha256(lines.join('')).slice(0, 8);
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

const isKind = (text: string | undefined): text is TemplateKind =>
  text !== undefined && Object.hasOwn(chartFolder, text);

if (import.meta.main) {
  const [kind, version, variant] = process.argv.slice(2);
  if (!isKind(kind) || version === undefined || variant === undefined) {
    process.stderr.write('usage: template-name.ts medusa|wordpress|woocommerce <version> <currency or locale>\n');
    process.exit(2);
  }
  process.stdout.write(`${templateName(kind, version, variant)}\n`);
}
