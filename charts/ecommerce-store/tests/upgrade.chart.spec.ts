/** A live shop over its upgrades: which route it takes, what is restarted, and what stays. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateName } from '@urumi/images/template-name';
import { kubeBinDir, startApiServer, type ApiServer } from '../../testing/api-server.ts';
import { runHelm, type Values } from '../../testing/helm.ts';
import { containersOf, podTemplates, type KubeObject } from '../../testing/objects.ts';
import {
  engines,
  leastValues,
  storeChart,
  storeValues,
  valuesFor,
  wooValues,
  type Engine,
} from '../../testing/store-chart.ts';

const urumi = storeValues.urumi;
const { woocommerce } = wooValues;
const medusaTemplate = templateName('medusa', '2.21.2', 'EUR');

/** What differs by engine: the template it was born from, and the next version with its own. */
const cases = {
  woocommerce: {
    template: woocommerce.template,
    serving: 'store-web',
    next: {
      woocommerce: {
        image: { tag: '11.1.0' },
        databaseImage: { tag: '11.1.0' },
        template: templateName('woocommerce', '11.1.0', 'en_US'),
      },
    },
  },
  medusa: {
    template: medusaTemplate,
    serving: 'store-server',
    next: {
      medusa: {
        serverImage: { tag: '2.22.0' },
        databaseImage: { tag: '2.22.0' },
        template: templateName('medusa', '2.22.0', 'EUR'),
      },
    },
  },
};

describe.skipIf(kubeBinDir === undefined)(
  'on a real API server (needs KUBE_BIN_DIR, or the binaries beside HELM_BIN)',
  () => {
    let server: ApiServer;

    beforeAll(async () => {
      server = await startApiServer(kubeBinDir ?? '');
    }, 120_000);

    afterAll(async () => server?.stop());

    describe.each(engines)('%s', (engine) => {
      const { template, serving, next } = cases[engine];
      const namespace = `store-${engine}`;

      test('is born from its template, without a Job', async () => {
        await kubectl('create', 'namespace', namespace);
        await install(engine);
        expect(await look()).toEqual({ origin: template, database: template, route: 'template', jobs: 0 });
      });

      test('restarts nothing for a second run of setup', async () => {
        await databaseRuns(1);
        const before = await pods();
        await install(engine, { urumi: { ...urumi, setupRun: 2, generation: 8 } });
        expect(await look()).toEqual({ origin: template, database: template, route: 'template', jobs: 1 });
        expect(await pods()).toEqual(before);
      });

      test('keeps its running database where another route is asked for, and its Secrets', async () => {
        const before = await pods();
        const secrets = await secretsOf();
        await install(engine, { setup: { route: 'scratch' } });
        expect(await look()).toEqual({ origin: template, database: template, route: 'scratch', jobs: 1 });
        const after = await pods();
        expect(after['store-database']).toBe(before['store-database']);
        expect(after[serving]).not.toBe(before[serving]);
        await install(engine);
        expect(await look()).toEqual({ origin: template, database: template, route: 'template', jobs: 0 });
        expect(await secretsOf()).toBe(secrets);
      });

      test('is not asked to unpack again where its database does not run', async () => {
        await databaseRuns(0);
        await install(engine, { setup: { route: 'scratch' } });
        expect(await look()).toMatchObject({ database: '', route: 'scratch', jobs: 1 });
      });

      test('is migrated by the Job in the next version, whose template is not its own', async () => {
        await install(engine, next);
        expect(await look()).toEqual({ origin: template, database: '', route: 'scratch', jobs: 1 });
        const run = await helm(engine, { ...next, setup: { route: 'template' } });
        expect(run.code).not.toBe(0);
        expect(run.stderr).toContain('the data of this shop were not made from the template');
        expect(run.stderr).toContain('Set setup.route to `auto`');
      });

      test('keeps the access mode of its uploads', async () => {
        await install(engine, { ...next, storage: { accessMode: 'ReadWriteMany' } });
        const [claim] = (await list()).filter(({ metadata }) => metadata.name === 'store-uploads');
        expect(claim?.spec?.['accessModes']).toEqual(['ReadWriteOnce']);
      });

      test('born from scratch it stays on that route, also where a template fits later', async () => {
        await kubectl('delete', 'namespace', namespace, '--wait=false');
        await kubectl('create', 'namespace', `${namespace}-2`);
        await install(engine, { setup: { route: 'scratch' } }, `${namespace}-2`);
        await install(engine, {}, `${namespace}-2`);
        expect(await look(`${namespace}-2`)).toEqual({ origin: undefined, database: '', route: 'scratch', jobs: 1 });
      });

      test('changes its size up and down: pods and quota follow, claims and Secrets stay', async () => {
        const where = `${namespace}-3`;
        await kubectl('create', 'namespace', where);
        await install(engine, { size: 'M' }, where);
        const claims = await claimsOf(where);
        const secrets = await secretsOf(where);
        const before = await pods(where);
        for (const size of ['L', 'S', 'M'] as const) {
          await install(engine, { size }, where);
          expect(await claimsOf(where), size).toEqual(claims);
          expect(await secretsOf(where), size).toBe(secrets);
          expect((await pods(where))['store-database'] === before['store-database'], size).toBe(size === 'M');
          expect(await jobsOf(where), size).toBe(0);
        }
        expect(await pods(where)).toEqual(before);
        const quota = await kubectl('get', 'resourcequota', '-n', where, '-o', 'jsonpath={.items[0].spec.hard}');
        expect(quota).toContain(
          `"requests.storage":"${Object.values(claims).reduce((sum, text) => sum + Number.parseInt(text, 10), 0)}Gi"`,
        );
      });

      test('a change of host reaches the pods that know it, moves the route, and nothing else', async () => {
        const where = `${namespace}-3`;
        const before = await everything(where);
        const oldHost = leastValues.host;
        await install(engine, { size: 'M', host: 'new.shop.example' }, where);
        const after = await everything(where);
        expect([...after.keys()]).toEqual([...before.keys()]);
        const changed = [...after.keys()].filter((key) => after.get(key) !== before.get(key));
        const serving =
          engine === 'woocommerce'
            ? ['Deployment/store-web']
            : ['Deployment/store-server', 'Deployment/store-storefront'];
        expect(changed.toSorted()).toEqual(
          [...serving, ...changed.filter((key) => key.startsWith('Ingress/'))].toSorted(),
        );
        expect(changed.some((key) => key.startsWith('Ingress/'))).toBe(true);
        for (const key of changed) expect(after.get(key), key).toContain('new.shop.example');
        expect([...after.values()].join()).not.toContain(oldHost);
        expect((await variables(serving.at(-1) ?? '', where))['STORE_URL']).toMatch(
          /^https?:\/\/new\.shop\.example(:\d+)?$/,
        );
      });

      /** Every object of the shop by kind and name, without what the server notes of it. */
      async function everything(where: string): Promise<ReadonlyMap<string, string>> {
        const kinds = `deployments,statefulsets,jobs,persistentvolumeclaims,services,configmaps,secrets,ingresses,networkpolicies,resourcequotas,limitranges`;
        const { items } = JSON.parse(await kubectl('get', kinds, '--namespace', where, '--output=json')) as {
          items: KubeObject[];
        };
        const own = items.filter(({ metadata }) => !metadata.name.startsWith('sh.helm.'));
        return new Map(
          own.map(({ kind, metadata: { name, labels, annotations }, status: _status, ...rest }) => {
            const shown = { ...annotations, 'deployment.kubernetes.io/revision': '' };
            return [`${kind}/${name}`, JSON.stringify({ labels, shown, rest })];
          }),
        );
      }

      async function variables(key: string, where: string): Promise<Readonly<Record<string, string>>> {
        const found = podTemplates(await list(where)).find(
          ({ owner }) => `${owner.kind}/${owner.metadata.name}` === key,
        );
        const env =
          found === undefined ? [] : containersOf(found.template.spec).flatMap((container) => container.env ?? []);
        return Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']));
      }

      async function claimsOf(where: string): Promise<Readonly<Record<string, string>>> {
        const claims = (await list(where)).filter(({ kind }) => kind === 'PersistentVolumeClaim');
        return Object.fromEntries(
          claims.map(({ metadata, spec }) => [
            metadata.name,
            (spec as { resources: { requests: { storage: string } } }).resources.requests.storage,
          ]),
        );
      }

      async function jobsOf(where: string): Promise<number> {
        return (await list(where)).filter(({ kind }) => kind === 'Job').length;
      }

      async function install(of: Engine, more: Values = {}, where = namespace): Promise<void> {
        const run = await helm(of, more, where);
        expect(run.code, run.stderr).toBe(0);
      }

      async function helm(of: Engine, more: Values, where = namespace) {
        const args = ['upgrade', '--install', 'store', storeChart, '--namespace', where, '--force-conflicts'];
        args.push('--kubeconfig', server.kubeconfig, '--values', '-');
        return runHelm(args, JSON.stringify(valuesFor(of, more)));
      }

      async function list(where = namespace): Promise<readonly KubeObject[]> {
        const kinds = 'deployments,statefulsets,jobs,persistentvolumeclaims';
        return (
          JSON.parse(await kubectl('get', kinds, '--namespace', where, '--output=json')) as { items: KubeObject[] }
        ).items;
      }

      async function look(where?: string) {
        const objects = await list(where);
        const variable = (name: string, key: string) => {
          const [found] = podTemplates(
            objects.filter((object) => object.kind !== 'Job' && object.metadata.name === name),
          );
          const variables = found === undefined ? [] : containersOf(found.template.spec).flatMap(({ env = [] }) => env);
          const entry = variables.find((candidate) => candidate.name === key);
          return entry === undefined ? undefined : (entry.value ?? '');
        };
        return {
          origin: objects.find(({ metadata }) => metadata.name === 'store-database-data')?.metadata.annotations?.[
            'urumi.dev/template'
          ],
          database: variable('store-database', 'TEMPLATE'),
          route: variable(serving, 'SETUP_ROUTE'),
          jobs: objects.filter(({ kind }) => kind === 'Job').length,
        };
      }

      /** Pod templates by workload: where one differs, its pods are replaced. */
      async function pods(where = namespace): Promise<Readonly<Record<string, string>>> {
        const workloads = podTemplates(await list(where)).filter(({ owner }) => owner.kind !== 'Job');
        return Object.fromEntries(
          workloads.map(({ owner, template: pod }) => [owner.metadata.name, JSON.stringify(pod)]),
        );
      }

      async function secretsOf(where = namespace): Promise<string> {
        const names = ['store-admin', 'store-database', 'store-app'];
        return kubectl('get', 'secret', ...names, '--namespace', where, '--output=jsonpath={.items[*].data}');
      }

      /** No controller runs here, so the test says what one would. */
      async function databaseRuns(readyReplicas: number): Promise<void> {
        const status = JSON.stringify({ status: { replicas: 1, readyReplicas } });
        const args = [
          'patch',
          'statefulset',
          'store-database',
          '--subresource=status',
          '--type=merge',
          '--patch',
          status,
        ];
        await kubectl(...args, '--namespace', namespace);
      }
    });

    test('more web pods are refused where the claim that exists is for one node', async () => {
      const values = { woocommerce: { ...woocommerce, replicas: 2 }, storage: { accessMode: 'ReadWriteMany' } };
      const args = ['upgrade', 'store', storeChart, '--namespace', 'store-woocommerce-2', '--values', '-'];
      const run = await runHelm(
        [...args, '--kubeconfig', server.kubeconfig],
        JSON.stringify(valuesFor('woocommerce', values)),
      );
      expect(run.code).not.toBe(0);
      expect(run.stderr).toContain('the claim store-uploads exists as ReadWriteOnce');
      expect(run.stderr).toContain('Set woocommerce.replicas to 1');
    });

    async function kubectl(...args: readonly string[]): Promise<string> {
      const run = await server.kubectl(args);
      expect(run.code, run.stderr).toBe(0);
      return run.stdout;
    }
  },
);
