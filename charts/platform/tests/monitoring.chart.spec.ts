/** What watches an installation: only metrics that the services have, and no alert without a page that says what to do. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { find, type KubeObject } from '../../testing/objects.ts';
import { platformChart, renderPlatform } from '../../testing/platform-chart.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

interface Metric {
  readonly kind: string;
  readonly labels: readonly string[];
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const kinds = [
  'monitoring.coreos.com/v1/ServiceMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
  'keda.sh/v1alpha1/ScaledObject',
];
const on = { monitoring: { serviceMonitor: true, rules: true, dashboards: true, labels: { release: 'prometheus' } } };
const workerByQueue = { replicas: null, autoscaling: { mode: 'prometheus', prometheus: 'http://prometheus:9090' } };
const objects = await renderPlatform('values-local.yaml', { ...on, worker: workerByQueue }, kinds);
const rules = (
  find(objects, 'PrometheusRule', 'urumi-alerts').spec as { groups: readonly { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);
const dashboard = find(objects, 'ConfigMap', 'urumi-dashboard').data?.['urumi.json'] ?? '';
const exported = await readExported();

/** prom-client's own, of every Node process; `run-service.ts` turns them on. */
const ofTheProcess = ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'];
/** What Prometheus itself adds to each line. */
const ofTheTarget = ['namespace', 'job', 'pod', 'le'];

describe.each(collectExpressions())('$where', ({ expression }) => {
  test('asks for metrics and labels that the services have', () => {
    const names = [...expression.matchAll(/\b(?:urumi|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name);
    if (!expression.startsWith('absent(up{')) expect(names).not.toEqual([]);
    for (const name of names) {
      if (ofTheProcess.includes(name)) continue;
      const metric = exported.get(name) ?? exported.get(name.replace(/_(bucket|sum|count)$/, ''));
      expect(metric, `no service exports ${name}`).toBeDefined();
      if (/_(bucket|sum|count)$/.test(name)) expect(metric?.kind, name).toBe('Histogram');
      const chosen = new RegExp(`${name}\\{([^}]*)\\}`).exec(expression)?.[1] ?? '';
      const labels = [...chosen.matchAll(/(\w+)\s*(?:=~|!=|!~|=)/g)].map(([, label]) => label);
      expect([...(metric?.labels ?? []), ...ofTheTarget], `${name}{${chosen}}`).toEqual(expect.arrayContaining(labels));
    }
  });

  test('closes what it opens and sees one installation only', () => {
    for (const pair of ['()', '{}', '[]']) {
      const count = (mark: string | undefined): number => expression.split(mark ?? '').length;
      expect(count(pair[0]), pair).toBe(count(pair[1]));
    }
    const selectors = [...expression.matchAll(/\{([^}]*)\}/g)].map(([, inner]) => inner);
    for (const selector of selectors) expect(selector).toMatch(/namespace="(urumi-system|\$namespace)"/);
  });
});

test('the process metrics are turned on', async () => {
  const text = await readFile(join(root, 'libs/shared/src/server/ops/run-service.ts'), 'utf8');
  expect(text).toContain('collectDefaultMetrics(');
});

describe.each(rules)('$alert', ({ labels, annotations }) => {
  test('says what is wrong, how urgent it is, and where to read on', () => {
    expect(annotations.summary).toMatch(/^[A-Z].*\.$/);
    expect(['critical', 'warning']).toContain(labels['severity']);
    const [file = '', section] = annotations.runbook_url.split('#');
    expect(existsSync(join(root, file)), `${file} is missing`).toBe(true);
    expect(file).toMatch(/^docs\/runbooks\/[a-z-]+\.md$/);
    if (section !== undefined) expect(headingsOf(readFileSync(join(root, file), 'utf8'))).toContain(section);
  });
});

test("names of alerts are their own, and every runbook is some alert's", async () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  const named = rules.map(({ annotations }) => annotations.runbook_url.split('#')[0]);
  const files = (await readdir(join(root, 'docs/runbooks'))).map((file) => `docs/runbooks/${file}`);
  expect(new Set(named)).toEqual(new Set(files));
});

test('the runbooks may be read from an address', async () => {
  const monitoring = { rules: true, runbooks: 'https://docs.example/runbooks/' };
  const rendered = await renderPlatform('values-local.yaml', { monitoring }, kinds);
  const text = JSON.stringify(find(rendered, 'PrometheusRule', 'urumi-alerts').spec);
  expect(text).toContain('"https://docs.example/runbooks/queue.md#nothing-is-taken"');
});

test('the dashboard is JSON with a number for each panel, and as it is in the chart', async () => {
  const { panels } = JSON.parse(dashboard) as { panels: readonly { id: number }[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(dashboard.trim()).toBe((await readFile(join(platformChart, 'files/dashboard.json'), 'utf8')).trim());
});

test('each service is scraped on a Service of its own, by who is named and nobody else', () => {
  const monitor = find(objects, 'ServiceMonitor', 'urumi-services');
  const { selector } = monitor.spec as { selector: { matchLabels: Record<string, string> } };
  for (const component of ['api', 'worker', 'reconciler']) {
    const service = find(objects, 'Service', `urumi-${component}-ops`);
    expect(service.metadata.labels).toMatchObject(selector.matchLabels);
    expect(service.spec?.['ports']).toEqual([{ name: 'ops', port: 9090, targetPort: 'ops' }]);
    expect(ingressTo(find(objects, 'NetworkPolicy', `urumi-${component}`), 9090)).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
      },
    ]);
  }
  expect(find(objects, 'Service', 'urumi-api').metadata.labels).not.toHaveProperty(['urumi.dev/metrics']);
  for (const [kind, name] of [
    ['ServiceMonitor', 'urumi-services'],
    ['PrometheusRule', 'urumi-alerts'],
    ['ConfigMap', 'urumi-dashboard'],
  ] as const) {
    expect(find(objects, kind, name).metadata.labels).toMatchObject({ release: 'prometheus' });
  }
});

test('where nobody scrapes, nobody reaches the metrics, and nothing of a monitoring is made', async () => {
  const rendered = await renderPlatform('values-local.yaml');
  for (const component of ['api', 'worker', 'reconciler']) {
    expect(ingressTo(find(rendered, 'NetworkPolicy', `urumi-${component}`), 9090)).toEqual([]);
  }
  expect(rendered.filter(({ kind }) => ['ServiceMonitor', 'PrometheusRule'].includes(kind))).toEqual([]);
});

function collectExpressions(): { where: string; expression: string }[] {
  const fromRules = rules.map(({ alert, expr }) => ({ where: alert, expression: expr }));
  const { panels } = JSON.parse(dashboard) as {
    panels: readonly { title: string; targets?: readonly { expr: string }[] }[];
  };
  const fromPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ where: `panel "${title}"`, expression: expr })),
  );
  const { triggers } = find(objects, 'ScaledObject', 'urumi-worker').spec as {
    triggers: readonly { metadata: { query: string } }[];
  };
  const fromScaling = triggers.map(({ metadata }) => ({ where: 'scaling of workers', expression: metadata.query }));
  return [...fromRules, ...fromPanels, ...fromScaling];
}

/** Metrics as the services' code makes them, tests apart. */
async function readExported(): Promise<Map<string, Metric>> {
  const found = new Map<string, Metric>();
  for (const folder of ['apps/api/src', 'apps/worker/src', 'apps/reconciler/src', 'libs/shared/src']) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
      const text = await readFile(join(root, folder, file), 'utf8');
      const made = /new (Counter|Gauge|Histogram)(?:<[^>]*>)?\(\{\s*name: '([a-z0-9_]+)'([\s\S]*?)registers/g;
      for (const [, kind = '', name = '', rest = ''] of text.matchAll(made)) {
        const labels = /labelNames: \[([^\]]*)\]/.exec(rest)?.[1] ?? '';
        found.set(name, { kind, labels: [...labels.matchAll(/'(\w+)'/g)].map(([, label = '']) => label) });
      }
    }
  }
  return found;
}

/** Anchors of headings, as GitHub makes them. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
}

function ingressTo(policy: KubeObject, port: number): unknown[] {
  const { ingress = [] } = policy.spec as {
    ingress?: readonly { from: readonly unknown[]; ports: readonly { port: number }[] }[];
  };
  return ingress.filter(({ ports }) => ports.some((one) => one.port === port)).flatMap(({ from }) => from);
}
