import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageNames, isImageName, recipeOf } from './index.ts';
import type { CheckedPlugin, Layer, Recipe } from './types.ts';

const packageFolder = join(import.meta.dirname, '../..');
const plugin: CheckedPlugin = {
  version: '11.0.1',
  sha256: 'a'.repeat(64),
  theme: { slug: 'storefront', version: '4.6.2', sha256: 'b'.repeat(64) },
};
const rows = imageNames(true).map((name) => [name, recipeOf(name, plugin)] as const);

/** The Dockerfile of an image, for the same facts told twice. */
function dockerfileOf({ folder }: Recipe): string {
  return readFileSync(join(packageFolder, folder, 'Dockerfile'), 'utf8');
}

const withParts = (layer: Layer): Layer[] =>
  layer.kind === 'inside' ? [layer, ...layer.roots.flat().flatMap(withParts)] : [layer];

describe.each(rows)('%s', (_, recipe) => {
  it('runs as a numeric user that is not root', () => {
    expect(recipe.run.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('is never tagged latest, which Kubernetes would always pull', () => {
    expect(recipe.ref).toMatch(/^localhost\/urumi\/[a-z-]+:\d/);
  });

  it('has the inputs its layers name', () => {
    const missing = recipe.layers.flatMap(withParts).flatMap((layer) => {
      if (layer.kind !== 'script' && layer.kind !== 'inside') return [];
      const chartFiles = layer.kind === 'inside' && layer.chartFiles !== undefined ? [layer.chartFiles] : [];
      const inputs = layer.inputs.map((input) => join(layer.folder, input));
      return [...inputs, ...chartFiles].filter((path) => !existsSync(join(packageFolder, path)));
    });
    expect(missing).toEqual([]);
  });

  it('has a Dockerfile that runs the same scripts, as the same user, with the same entry, port and stop signal', () => {
    const dockerfile = dockerfileOf(recipe);
    for (const layer of recipe.layers) {
      if (layer.kind === 'script') expect(dockerfile).toContain(`/tmp/install/${layer.script} /`);
      if (layer.kind === 'inside') expect(dockerfile).toContain(`/tmp/install/${layer.script} /out`);
    }
    expect(dockerfile).toContain(`USER ${recipe.run.User}`);
    expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(recipe.run.Entrypoint).replaceAll(',', ', ')}`);
    expect(dockerfile).toContain(`STOPSIGNAL ${recipe.run.StopSignal}`);
    for (const port of Object.keys(recipe.run.ExposedPorts))
      expect(dockerfile).toContain(`EXPOSE ${port.replace('/tcp', '')}`);
    for (const pair of recipe.run.Env.filter((text) => !text.startsWith('PATH='))) expect(dockerfile).toContain(pair);
  });
});

describe('the images that can be built', () => {
  it('are without a plugin archive all but the two that hold it', () => {
    expect(imageNames(true).filter((name) => !imageNames(false).includes(name))).toEqual([
      'woocommerce',
      'mariadb-woocommerce',
    ]);
    expect(isImageName('woocommerce')).toBe(true);
    expect(isImageName('constructor')).toBe(false);
    expect(() => recipeOf('woocommerce', undefined)).toThrow('URUMI_WOOCOMMERCE_PLUGIN');
  });

  it('name the template that a database image carries as its layer is told', () => {
    for (const [, { template, layers }] of rows.filter(([, recipe]) => recipe.template !== undefined)) {
      const told = layers.flatMap((layer) => (layer.kind === 'inside' ? [layer.env.TEMPLATE ?? []] : [])).flat();
      expect(told).toEqual([template]);
    }
  });

  it('have the plugin and its theme by checksum, so that another archive makes another image', () => {
    const archives = recipeOf('woocommerce', plugin).layers.filter(({ kind }) => kind === 'archive');
    expect(archives).toEqual([
      { kind: 'archive', name: 'woocommerce-11.0.1', sha256: plugin.sha256, into: 'srv/wordpress/wp-content/plugins' },
      {
        kind: 'archive',
        name: 'theme-storefront-4.6.2',
        sha256: plugin.theme?.sha256,
        into: 'srv/wordpress/wp-content/themes',
      },
    ]);
  });
});
