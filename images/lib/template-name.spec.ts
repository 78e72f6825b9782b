import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { templateName } from './template-name.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-template-'));
  for (const engine of ['medusa', 'woocommerce']) mkdirSync(join(folder, engine));
  writeFileSync(join(folder, 'woocommerce/products.csv'), 'a\n');
  writeFileSync(join(folder, 'woocommerce/setup.sh'), 'b\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the name of a template', () => {
  it('holds kind, version, variant and a hash over the lines that sha256sum prints for the files', () => {
    // printf 'a\n' > products.csv; printf 'b\n' > setup.sh; sha256sum products.csv setup.sh | sha256sum | cut -c 1-8
    expect(templateName('woocommerce', '11.0.1', 'en_US', folder)).toBe('woocommerce-11.0.1-en_US-56091598');
  });

  it('is another for an edited, renamed or further file', () => {
    const before = templateName('wordpress', '7.1.1', 'en_US', folder);
    writeFileSync(join(folder, 'woocommerce/products.csv'), 'c\n');
    const edited = templateName('wordpress', '7.1.1', 'en_US', folder);
    rmSync(join(folder, 'woocommerce/products.csv'));
    writeFileSync(join(folder, 'woocommerce/products.txt'), 'c\n');
    const renamed = templateName('wordpress', '7.1.1', 'en_US', folder);
    writeFileSync(join(folder, 'woocommerce/z'), '');
    const further = templateName('wordpress', '7.1.1', 'en_US', folder);
    expect(new Set([before, edited, renamed, further]).size).toBe(4);
  });

  it("follows one engine's files only", () => {
    const before = templateName('woocommerce', '11.0.1', 'en_US', folder);
    writeFileSync(join(folder, 'medusa/products.json'), '{}');
    expect(templateName('woocommerce', '11.0.1', 'en_US', folder)).toBe(before);
  });
});
