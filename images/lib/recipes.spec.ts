import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipes, type Recipe } from './recipes.ts';

const packageFolder = join(import.meta.dirname, '..');
const rows = Object.entries(recipes);

/** The Dockerfile of an image, for the same facts told twice. */
function dockerfileOf(name: string): string {
  return readFileSync(join(packageFolder, name, 'Dockerfile'), 'utf8');
}

const scripts = ({ layers }: Recipe): string[] =>
  layers.flatMap((layer) => (layer.kind === 'script' ? [layer.script] : []));

describe.each(rows)('%s', (name, recipe) => {
  it('runs as a numeric user that is not root', () => {
    expect(recipe.run.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('is never tagged latest, which Kubernetes would always pull', () => {
    expect(recipe.ref).toMatch(/^localhost\/urumi\/[a-z-]+:\d/);
  });

  it('has the inputs its layers name', () => {
    const missing = recipe.layers.flatMap((layer) =>
      layer.kind === 'script'
        ? layer.inputs.filter((input) => !existsSync(join(packageFolder, layer.folder, input)))
        : [],
    );
    expect(missing).toEqual([]);
  });

  it('has a Dockerfile that runs the same scripts, as the same user, with the same entry, port and stop signal', () => {
    const dockerfile = dockerfileOf(name);
    for (const script of scripts(recipe)) expect(dockerfile).toContain(`/tmp/install/${script} /`);
    expect(dockerfile).toContain(`USER ${recipe.run.User}`);
    expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(recipe.run.Entrypoint).replaceAll(',', ', ')}`);
    expect(dockerfile).toContain(`STOPSIGNAL ${recipe.run.StopSignal}`);
    for (const port of Object.keys(recipe.run.ExposedPorts))
      expect(dockerfile).toContain(`EXPOSE ${port.replace('/tcp', '')}`);
    for (const pair of recipe.run.Env.filter((text) => !text.startsWith('PATH='))) expect(dockerfile).toContain(pair);
  });
});
