/**
 * Runs the real helm for chart tests and parses what it renders. It never reaches a cluster: every command here works
 * without one, and helm's own folders are put where no kubeconfig of the person is found.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from './objects.ts';
import { run, type Run } from './process.ts';

/** Values as they are written to helm's stdin. */
export type Values = Readonly<Record<string, unknown>>;

export interface RenderRequest {
  /** Folder of the chart. */
  readonly chart: string;
  readonly values: Values;
  /** Values files, below `values` in rank. */
  readonly files?: readonly string[];
  readonly release?: string;
  readonly namespace?: string;
  /** Kinds beyond Kubernetes' own that the cluster would know. */
  readonly apiVersions?: readonly string[];
}

/** A render that must succeed. @throws Error with helm's own words where it does not */
export async function render(request: RenderRequest): Promise<KubeObject[]> {
  const run = await runTemplate(request);
  if (run.code !== 0) throw new Error(`helm template failed: ${run.stderr}`);
  return parseObjects(run.stdout);
}

/** `helm template`, whatever its outcome. */
export async function runTemplate(request: RenderRequest): Promise<Run> {
  const args = ['template', request.release ?? 'store', request.chart, '--kube-version', '1.36.4'];
  for (const file of request.files ?? []) args.push('--values', file);
  args.push('--values', '-');
  if (request.namespace !== undefined) args.push('--namespace', request.namespace);
  for (const apiVersion of request.apiVersions ?? []) args.push('--api-versions', apiVersion);
  return runHelm(args, JSON.stringify(request.values));
}

/** Any helm command. `HELM_BIN` names the binary, else it is found on PATH. */
export async function runHelm(args: readonly string[], input = ''): Promise<Run> {
  const home = join(tmpdir(), 'urumi-chart-tests');
  return run(process.env['HELM_BIN'] ?? 'helm', args, {
    input,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
    },
  });
}

/** Objects of a rendered stream. Helm reads YAML 1.1 (`0440` is octal), so this does too. */
function parseObjects(stream: string): KubeObject[] {
  return parseAllDocuments(stream, { version: '1.1' })
    .map((document) => {
      if (document.errors.length > 0) throw new Error(`helm rendered no YAML: ${String(document.errors[0])}`);
      return document.toJS() as KubeObject | null;
    })
    .filter((object) => object !== null);
}
