/** Pod Security *restricted* and the rules beyond it, for every pod that may run in a shop's namespace. */
import { describe, expect, test } from 'vitest';
import { containersOf, podTemplates, toKey } from '../../testing/objects.ts';
import { renderStore, renderVariant, storeValues, variants } from '../../testing/store-chart.ts';

const uids: Readonly<Record<string, number>> = {
  server: 1000,
  storefront: 1000,
  setup: 1000,
  test: 1000,
  database: 999,
};

/** Where a component may write: emptyDirs and claims; everything else is read-only. */
const writable: Readonly<Record<string, readonly string[]>> = {
  server: ['tmp', 'uploads'],
  storefront: ['tmp'],
  setup: ['tmp'],
  database: ['data', 'run', 'tmp'],
  test: [],
};

/** Which keys of which Secret a component sees: no more than it uses. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  server: ['store-app/cookieSecret', 'store-app/jwtSecret', 'store-database/password'],
  storefront: ['store-app/publishableKey'],
  setup: [
    'store-admin/email',
    'store-admin/password',
    'store-app/cookieSecret',
    'store-app/jwtSecret',
    'store-app/publishableKey',
    'store-database/password',
  ],
  database: ['store-database/password'],
  test: [],
};

describe.each(variants)('medusa, $mode, $size', (variant) => {
  test('every pod is restricted, numeric, without token and service links', async () => {
    const pods = podTemplates(await renderVariant(variant));
    const components = pods.map(({ template }) => template.metadata.labels['app.kubernetes.io/component']);
    expect(new Set(components)).toEqual(new Set(Object.keys(uids)));
    for (const { owner, template } of pods) {
      const uid = uids[template.metadata.labels['app.kubernetes.io/component'] ?? ''];
      expect(template.spec, toKey(owner)).toMatchObject({
        serviceAccountName: 'store-shop',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: uid,
          runAsGroup: uid,
          fsGroup: uid,
          fsGroupChangePolicy: 'OnRootMismatch',
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(template.spec).not.toHaveProperty('hostNetwork');
      expect(template.spec).not.toHaveProperty('hostPID');
      for (const container of containersOf(template.spec)) {
        expect(container.securityContext, container.name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });
});

test('pods write only to bounded folders and claims, and see only the keys they use', async () => {
  for (const { template } of podTemplates(await renderStore(storeValues))) {
    const component = template.metadata.labels['app.kubernetes.io/component'] ?? '';
    const volumes = template.spec.volumes ?? [];
    const writing = volumes.filter((volume) => volume.secret === undefined && volume['configMap'] === undefined);
    expect(writing.map(({ name }) => name).sort(), component).toEqual(writable[component]);
    for (const { emptyDir } of writing) expect(emptyDir?.sizeLimit ?? 'claim').toMatch(/^(\d+Mi|claim)$/);

    const seen = volumes.flatMap(({ secret }) =>
      (secret?.items ?? []).map(({ key }) => `${secret?.secretName}/${key}`),
    );
    expect(seen.sort(), component).toEqual(secrets[component]);
    for (const { secret } of volumes) if (secret !== undefined) expect(secret.defaultMode).toBe(0o440);
    for (const container of containersOf(template.spec)) {
      for (const mount of container.volumeMounts ?? []) expect(mount).not.toHaveProperty('subPath');
      for (const variable of container.env ?? []) expect(variable).not.toHaveProperty('valueFrom');
    }
  }
});

test('set-up mounts no claim: a claim belongs to one node', async () => {
  const setup = podTemplates(await renderStore(storeValues)).find(({ owner }) => owner.kind === 'Job');
  expect(setup?.template.spec.volumes?.some((volume) => volume['persistentVolumeClaim'] !== undefined)).toBe(false);
});

test('pods pull with the named Secrets', async () => {
  const objects = await renderStore({ ...storeValues, images: { pullSecrets: ['mirror'] } });
  for (const { template } of podTemplates(objects))
    expect(template.spec.imagePullSecrets).toEqual([{ name: 'mirror' }]);
});
