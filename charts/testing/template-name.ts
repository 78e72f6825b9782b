/** Names of templates as the chart expects them, computed a second time: from the files themselves. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const files = fileURLToPath(new URL('../ecommerce-store/files', import.meta.url));

/** `kind` names the template, `variant` is a locale or a currency. */
export function toTemplateName(kind: 'medusa' | 'wordpress' | 'woocommerce', version: string, variant: string): string {
  return `${kind}-${version}-${variant}-${hashFiles(kind === 'medusa' ? 'medusa' : 'woocommerce')}`;
}

function hashFiles(engine: string): string {
  const folder = join(files, engine);
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const lines = names.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`);
  return sha256(lines.join('')).slice(0, 8);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
