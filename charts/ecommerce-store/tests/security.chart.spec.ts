/** Pod Security *restricted* and the rules beyond it, for every pod that may run in a shop's namespace. */
import { describe, expect, test } from 'vitest';
import { containersOf, podTemplates, toKey } from '../../testing/objects.ts';
import { parseQuantity } from '../../testing/quantities.ts';
import {
  componentsOf,
  engines,
  renderStore,
  renderVariant,
  routes,
  scratchFor,
  storeValues,
  valuesFor,
  variants,
  type Engine,
  type Route,
} from '../../testing/store-chart.ts';

const databaseUid = 999;
const uids: Readonly<Record<Engine, number>> = { woocommerce: 33, medusa: 1000 };

/** Where a component may write: emptyDirs and claims; everything else is read-only. */
const writable: Readonly<Record<string, readonly string[]>> = {
  web: ['run', 'tmp', 'uploads'],
  server: ['tmp', 'uploads'],
  storefront: ['tmp'],
  setup: ['tmp'],
  database: ['data', 'run', 'tmp'],
  test: [],
};

const admin = ['store-admin/email', 'store-admin/password'];
const database = ['store-database/password'];
const salt = ['store-app/salt'];
const [cookies, tokens, key] = ['store-app/cookieSecret', 'store-app/jwtSecret', 'store-app/publishableKey'] as const;

/** Which keys of which Secret a component sees: no more than it uses. From template, what serves renews the shop itself. */
const secrets: Readonly<Record<Engine, Readonly<Record<Route, Readonly<Record<string, readonly string[]>>>>>> = {
  woocommerce: {
    template: { web: [...admin, ...salt, ...database], database, test: [] },
    scratch: { web: [...salt, ...database], setup: [...admin, ...salt, ...database], database, test: [] },
  },
  medusa: {
    template: { server: [...admin, cookies, tokens, key, ...database], storefront: [key], database, test: [] },
    scratch: {
      server: [cookies, tokens, ...database],
      storefront: [key],
      setup: [...admin, cookies, tokens, key, ...database],
      database,
      test: [],
    },
  },
};

test.each(engines.flatMap((engine) => routes.map((route) => [engine, route] as const)))(
  '%s, %s: every pod goes where the shop is sent, and bears what it must there',
  async (engine, route) => {
    const scheduling = {
      nodeSelector: { 'example.com/shops': 'true' },
      tolerations: [{ key: 'shops', operator: 'Exists', effect: 'NoSchedule' }],
    };
    const pods = podTemplates(await renderStore(valuesFor(engine, { setup: { route }, scheduling })));
    expect(pods.length).toBeGreaterThan(2);
    for (const { owner, template } of pods) expect(template.spec, toKey(owner)).toMatchObject(scheduling);
  },
);

describe.each(variants)('$engine, $route, $mode, $size', (variant) => {
  test('every pod is restricted, numeric, without token and service links', async () => {
    const pods = podTemplates(await renderVariant(variant));
    const components = pods.map(({ template }) => template.metadata.labels['app.kubernetes.io/component']);
    expect(new Set(components)).toEqual(new Set(componentsOf(variant.engine, variant.route)));
    for (const { owner, template } of pods) {
      const component = template.metadata.labels['app.kubernetes.io/component'];
      const uid = component === 'database' ? databaseUid : uids[variant.engine];
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

test.each(engines.flatMap((engine) => routes.map((route) => ({ engine, route }))))(
  '$engine, $route: pods write only to bounded folders and claims, and see only the keys they use',
  async (variant) => {
    const { engine, route } = variant;
    for (const { template } of podTemplates(await renderStore(valuesFor(engine, { setup: { route } })))) {
      const component = template.metadata.labels['app.kubernetes.io/component'] ?? '';
      const volumes = template.spec.volumes ?? [];
      const writing = volumes.filter((volume) => volume.secret === undefined && volume['configMap'] === undefined);
      expect(writing.map(({ name }) => name).sort(), component).toEqual(writable[component]);
      for (const { emptyDir } of writing) expect(emptyDir?.sizeLimit ?? 'claim').toMatch(/^(\d+Mi|claim)$/);

      const seen = volumes.flatMap(({ secret }) =>
        (secret?.items ?? []).map(({ key }) => `${secret?.secretName}/${key}`),
      );
      expect(seen.sort(), component).toEqual(secrets[engine][route][component]);
      for (const { secret } of volumes) if (secret !== undefined) expect(secret.defaultMode).toBe(0o440);
      for (const container of containersOf(template.spec)) {
        for (const mount of container.volumeMounts ?? []) expect(mount).not.toHaveProperty('subPath');
        for (const variable of container.env ?? []) expect(variable).not.toHaveProperty('valueFrom');
      }
    }
  },
);

test.each(engines)('%s: set-up mounts no claim, for a claim belongs to one node', async (engine) => {
  const setup = podTemplates(await renderStore(scratchFor(engine))).find(({ owner }) => owner.kind === 'Job');
  expect(setup?.template.spec.volumes?.some((volume) => volume['persistentVolumeClaim'] !== undefined)).toBe(false);
});

test('/tmp of PHP is memory, and the memory limit has room for it', async () => {
  const pods = podTemplates(await renderStore(scratchFor('woocommerce'))).filter(({ template }) =>
    ['web', 'setup'].includes(template.metadata.labels['app.kubernetes.io/component'] ?? ''),
  );
  expect(pods).toHaveLength(2);
  for (const { template } of pods) {
    const tmp = template.spec.volumes?.find(({ name }) => name === 'tmp')?.emptyDir;
    expect(tmp).toEqual({ medium: 'Memory', sizeLimit: '192Mi' });
    const limit = template.spec.containers[0]?.resources?.limits['memory'] ?? '';
    expect(parseQuantity(limit)).toBeGreaterThanOrEqual(3 * parseQuantity('192Mi'));
  }
});

test('pods pull with the named Secrets', async () => {
  const objects = await renderStore({ ...storeValues, images: { pullSecrets: ['mirror'] } });
  for (const { template } of podTemplates(objects))
    expect(template.spec.imagePullSecrets).toEqual([{ name: 'mirror' }]);
});
