/** Secrets are made by the chart, differ every time, and stand nowhere but in Secrets. */
import { expect, test } from 'vitest';
import { find, podTemplates, type KubeObject } from '../../testing/objects.ts';
import {
  engines,
  renderStore,
  routes,
  scratchFor,
  storeValues,
  valuesFor,
  wooValues,
  type Engine,
} from '../../testing/store-chart.ts';

const common = { 'store-admin': ['email', 'password'], 'store-database': ['password'] };
const keys: Readonly<Record<Engine, Readonly<Record<string, readonly string[]>>>> = {
  woocommerce: { ...common, 'store-app': ['salt'] },
  medusa: { ...common, 'store-app': ['cookieSecret', 'jwtSecret', 'publishableKey'] },
};

test.each(engines)('%s: each Secret holds its keys, as data only', async (engine) => {
  const objects = await renderStore(valuesFor(engine));
  for (const [name, expected] of Object.entries(keys[engine])) {
    const secret = find(objects, 'Secret', name);
    expect(Object.keys(secret.data ?? {}).sort()).toEqual(expected);
    expect(secret).not.toHaveProperty('stringData');
  }
  expect(decoded(objects, 'store-admin', 'email')).toBe('admin@example.com');
  expect(decoded(objects, 'store-admin', 'password')).toMatch(/^[A-Za-z0-9]{24}$/);
});

test('tokens have the form their readers ask for', async () => {
  expect(decoded(await renderStore(storeValues), 'store-app', 'publishableKey')).toMatch(/^pk_[0-9a-f]{64}$/);
  expect(decoded(await renderStore(wooValues), 'store-app', 'salt')).toMatch(/^[A-Za-z0-9]{24}$/);
});

test.each(engines)('%s: no two are alike, in one shop or in two', async (engine) => {
  const values = valuesFor(engine);
  const made = (await Promise.all([renderStore(values), renderStore(values)])).flatMap((objects) =>
    Object.entries(keys[engine]).flatMap(([name, of]) =>
      of.filter((key) => key !== 'email').map((key) => decoded(objects, name, key)),
    ),
  );
  expect(new Set(made).size).toBe(made.length);
});

test.each(engines.flatMap((engine) => routes.map((route) => ({ engine, route }))))(
  '$engine, $route: no secret stands outside of Secrets',
  async ({ engine, route }) => {
    const objects = await renderStore(valuesFor(engine, { setup: { route } }));
    const rest = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'));
    for (const [name, of] of Object.entries(keys[engine])) {
      for (const key of of) {
        const value = find(objects, 'Secret', name).data?.[key] ?? '';
        expect(rest, `${name}/${key}`).not.toContain(value);
        if (key !== 'email') expect(rest).not.toContain(decoded(objects, name, key));
      }
    }
  },
);

test.each(engines)('%s: Secrets and claims outlive the release together, or go together', async (engine) => {
  const policies = (objects: readonly KubeObject[]) =>
    objects
      .filter(({ kind }) => ['Secret', 'PersistentVolumeClaim'].includes(kind))
      .map(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy']);
  expect(policies(await renderStore(valuesFor(engine)))).toEqual(['keep', 'keep', 'keep', 'keep', 'keep']);
  const leaving = await renderStore(valuesFor(engine, { storage: { retain: false } }));
  expect(policies(leaving)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(leaving.filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] !== undefined)).toEqual([]);
});

test.each(engines)('%s: Secrets made elsewhere are used and not made', async (engine) => {
  const existingSecrets = { admin: 'own-admin', database: 'own-database', app: 'own-app' };
  const objects = await renderStore(scratchFor(engine, { existingSecrets }));
  expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  const used = podTemplates(objects).flatMap(({ template }) =>
    (template.spec.volumes ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName])),
  );
  expect(new Set(used)).toEqual(new Set(Object.values(existingSecrets)));
});

function decoded(objects: readonly KubeObject[], name: string, key: string): string {
  return Buffer.from(find(objects, 'Secret', name).data?.[key] ?? '', 'base64').toString('utf8');
}
