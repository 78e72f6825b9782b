/**
 * The limit that workers are held against: `xargs -P n` of a script that makes what the worker makes (`one-store.sh`), with
 * the same chart, values and installer, in the cluster's own network, where pods are too. No record, queue, lease or probe.
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@urumi/embedded/base/run-command';
import { buildPaths } from '@urumi/embedded/cluster/paths';
import { API_PORT } from '@urumi/embedded/cluster/addresses';
import { readKubeconfig } from '@urumi/embedded/kube/kubeconfig';
import { insideNamespace } from '@urumi/embedded/network/namespace';
import { projectFolder } from '@urumi/scripts/launcher/places';
import type { MixedPlatform } from '../../e2e/support/mixed-platform.ts';
import type { StoreView } from '../../e2e/support/platform.ts';
import { namespaceOf } from '../../e2e/support/stores.ts';

const script = join(import.meta.dirname, 'xargs-helm', 'one-store.sh');
const helmsMs = 600_000;

export interface XargsHelm {
  /** Returns when every helm has: nothing waits for pods. @throws Error where one fails */
  install(count: number, lanes: number): Promise<void>;
  /** Until the namespaces are gone. */
  clear(): Promise<void>;
}

/** @param example  a store of ours that is there: the rival's stores get its values */
export async function prepareXargsHelm(t: MixedPlatform, example: StoreView): Promise<XargsHelm> {
  const { cluster } = t;
  const folder = join(t.state, 'rival');
  await mkdir(folder, { mode: 0o700 });
  const paths = buildPaths(cluster.name, cluster.stateDir);
  const server = `https://127.0.0.1:${API_PORT}`;
  const admin = readKubeconfig(cluster.kubeconfig);
  const keep = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text, { mode: 0o600 });
  await keep('server', server);
  await keep('ca.pem', admin.authority);
  await keep('cert.pem', admin.certificate);
  await keep('key.pem', admin.key);
  const outer = await readFile(cluster.kubeconfig, 'utf8');
  await keep('kubeconfig', outer.replaceAll(admin.server, server));
  const helm = join(cluster.binDir, 'helm');
  const place = ['--namespace', namespaceOf(example), '--kubeconfig', cluster.kubeconfig];
  const { stdout } = await runCommand(helm, ['get', 'values', 'store', ...place, '--output', 'json']);
  await keep('values.json', stdout.replaceAll(example.id, '@ID@'));
  const chart = join(projectFolder, 'charts', 'ecommerce-store');
  const packed = await runCommand(helm, ['package', chart, '--destination', folder]);
  await cp(packed.stdout.trim().replace(/^.*: /, ''), join(folder, 'store.tgz'));
  const env = { HELM_BIN: helm, HOME: folder };
  const selector = 'urumi.dev/bench=rival';
  return {
    install: async (count, lanes) => {
      const ids = Array.from({ length: count }, buildId).join('\n');
      const [command, args] = insideNamespace(paths, 'xargs', ['-P', String(lanes), '-n', '1', script]);
      await runCommand(command, args, { input: `${ids}\n`, cwd: folder, env, timeoutMs: helmsMs });
    },
    clear: async () => {
      await cluster.kubectl(['delete', 'namespaces', '--selector', selector, '--timeout=290s'], { timeoutMs: 300_000 });
    },
  };
}

/** Of a store's shape, which the admission policies ask for. */
function buildId(): string {
  return `r${randomBytes(4).toString('hex').slice(0, 7)}`;
}
