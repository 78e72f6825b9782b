/** Secrets are made by the chart, differ every time, and stand nowhere but in Secrets. */
import { expect, test } from 'vitest';
import { find, podTemplates, type KubeObject } from '../../testing/objects.ts';
import { renderStore, storeValues } from '../../testing/store-chart.ts';

const keys: Readonly<Record<string, readonly string[]>> = {
  'store-admin': ['email', 'password'],
  'store-database': ['password'],
  'store-app': ['cookieSecret', 'jwtSecret', 'publishableKey'],
};

test('each Secret holds its keys, as data only', async () => {
  const objects = await renderStore(storeValues);
  for (const [name, expected] of Object.entries(keys)) {
    const secret = find(objects, 'Secret', name);
    expect(Object.keys(secret.data ?? {}).sort()).toEqual(expected);
    expect(secret).not.toHaveProperty('stringData');
  }
  expect(decoded(objects, 'store-admin', 'email')).toBe('admin@example.com');
  expect(decoded(objects, 'store-admin', 'password')).toMatch(/^[A-Za-z0-9]{24}$/);
  expect(decoded(objects, 'store-app', 'publishableKey')).toMatch(/^pk_[0-9a-f]{64}$/);
});

test('no two are alike, in one shop or in two', async () => {
  const made = (await Promise.all([renderStore(storeValues), renderStore(storeValues)])).flatMap((objects) =>
    Object.entries(keys).flatMap(([name, of]) =>
      of.filter((key) => key !== 'email').map((key) => decoded(objects, name, key)),
    ),
  );
  expect(new Set(made).size).toBe(made.length);
});

test('no secret stands outside of Secrets', async () => {
  const objects = await renderStore(storeValues);
  const rest = JSON.stringify(objects.filter(({ kind }) => kind !== 'Secret'));
  for (const [name, of] of Object.entries(keys)) {
    for (const key of of) {
      const value = find(objects, 'Secret', name).data?.[key] ?? '';
      expect(rest, `${name}/${key}`).not.toContain(value);
      if (key !== 'email') expect(rest).not.toContain(decoded(objects, name, key));
    }
  }
});

test('Secrets and claims outlive the release together, or go together', async () => {
  const policies = (objects: readonly KubeObject[]) =>
    objects
      .filter(({ kind }) => ['Secret', 'PersistentVolumeClaim'].includes(kind))
      .map(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy']);
  expect(policies(await renderStore(storeValues))).toEqual(['keep', 'keep', 'keep', 'keep', 'keep']);
  const leaving = await renderStore({ ...storeValues, storage: { retain: false } });
  expect(policies(leaving)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(leaving.filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] !== undefined)).toEqual([]);
});

test('Secrets made elsewhere are used and not made', async () => {
  const existingSecrets = { admin: 'own-admin', database: 'own-database', app: 'own-app' };
  const objects = await renderStore({ ...storeValues, existingSecrets });
  expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  const used = podTemplates(objects).flatMap(({ template }) =>
    (template.spec.volumes ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [secret.secretName])),
  );
  expect(new Set(used)).toEqual(new Set(Object.values(existingSecrets)));
});

function decoded(objects: readonly KubeObject[], name: string, key: string): string {
  return Buffer.from(find(objects, 'Secret', name).data?.[key] ?? '', 'base64').toString('utf8');
}
