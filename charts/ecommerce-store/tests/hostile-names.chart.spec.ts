/** A shop's name is text: whatever it holds, the same objects come out, and it arrives as it was typed. */
import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { templateOf, toKey, type KubeObject } from '../../testing/objects.ts';
import { engines, renderStore, scratchFor, valuesFor, type Engine } from '../../testing/store-chart.ts';

// Line and control characters that YAML folds or refuses raw (U+007F, U+0085, U+2028, U+2029) are missing: the domain refuses them.
const named = [
  '{{ .Values.urumi.storeId }}',
  '{{- fail "no" }}',
  '--kubeconfig=/etc/passwd',
  '../../kube-system',
  'a: b\n- c\n---\nkind: Secret',
  'it\'s "quoted" \\ and \u0000\u0007 controlled',
  'a,b=c,d[0]=e',
  '$(STORE_URL) $$(STORE_URL) $',
  '\u202eright to left\u200f',
  'M\u00fcnchen \u5e97\u8217 \ud83d\uded2\ufeff',
  '!!binary YQ==',
  '<script>alert(1)</script> & co',
  '%s %d %!',
  'null',
  '1e3',
];

/** Where a shop's name arrives: in what serves it, and in what fills it. */
const readers: Readonly<Record<Engine, readonly (readonly ['Deployment' | 'Job', string])[]>> = {
  woocommerce: [
    ['Deployment', 'web'],
    ['Job', 'setup'],
  ],
  medusa: [
    ['Deployment', 'storefront'],
    ['Job', 'setup'],
  ],
};

describe.each(engines)('%s', (engine) => {
  test.each(named)('the name %j arrives as typed and changes no object', async (name) => {
    await expectHarmless(engine, name);
  });

  test('any text is harmless', async () => {
    const texts = string({ unit: 'grapheme', minLength: 1, maxLength: 63 }).filter((text) => /\S/.test(text));
    await assert(
      asyncProperty(texts, async (name) => expectHarmless(engine, name)),
      { numRuns: 10 },
    );
  });
});

test('from template, the name arrives where the shop is renewed', async () => {
  const name = named.slice(0, 8).join(' ');
  const objects = await renderStore(valuesFor('medusa', { shop: { name } }));
  expect(shownBy(objects, 'Deployment', 'server')).toBe(name);
});

async function expectHarmless(engine: Engine, name: string): Promise<void> {
  const objects = await renderStore(scratchFor(engine, { shop: { name } }));
  expect(withoutHash(objects)).toEqual(withoutHash(await plain[engine]));
  for (const [kind, part] of readers[engine]) expect(shownBy(objects, kind, part)).toBe(name);
}

/** The shop's name as a container reads it. */
function shownBy(objects: readonly KubeObject[], kind: 'Deployment' | 'Job', part: string): string {
  const shown = containerOf(objects, kind, part)?.env?.find((variable) => variable.name === 'SHOP_NAME')?.value;
  return expanded(shown ?? '');
}

/** The setup Job's name ends in a hash, so it is found by the part it begins with. */
function containerOf(objects: readonly KubeObject[], kind: 'Deployment' | 'Job', part: string) {
  const owner = objects.find((object) => object.kind === kind && object.metadata.name.startsWith(`store-${part}`));
  return owner && templateOf(objects, kind, owner.metadata.name).spec.containers[0];
}

const plain = {
  woocommerce: renderStore(scratchFor('woocommerce')),
  medusa: renderStore(scratchFor('medusa')),
};

function withoutHash(objects: readonly KubeObject[]): string[] {
  return objects.map((object) => toKey(object).replace(/-[0-9a-f]{8}$/, '')).sort();
}

/** What the kubelet makes of a variable's value: `$$` is a dollar, `$(NAME)` another variable, which here would be a leak. */
function expanded(value: string): string {
  return value.replaceAll(/\$\$|\$\([A-Z_]+\)/g, (found) => (found === '$$' ? '$' : 'EXPANDED'));
}
