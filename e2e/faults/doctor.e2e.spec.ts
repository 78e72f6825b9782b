/**
 * `scripts/doctor` as an operator runs it, against a real API server whose nodes are simulated: what it says of rights and
 * policies that are in force, of a release that is missing, and of a guard that somebody took away.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { writeKubeconfig } from '@urumi/embedded/cluster/identity';
import { up, type Cluster } from '@urumi/embedded/cluster/up';
import { bootstrapCluster } from '@urumi/scripts/launcher/bootstrap-cluster';
import { toClusterName } from '@urumi/scripts/launcher/cluster-home';
import { buildPlaces, projectFolder } from '@urumi/scripts/launcher/places';
import { installRoles } from '@urumi/scripts/launcher/platform-roles';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findLeftovers } from '../support/leftovers.ts';
import { NotYet, waitFor } from '../support/wait.ts';

interface Line {
  readonly check: string;
  readonly state: string;
  readonly saw: string;
  readonly remedy?: string;
}

interface Diagnosis {
  readonly exitCode: number;
  readonly lines: readonly Line[];
  /** @throws Error where there is no such line */
  of(check: string): Line;
}

let state: string;
let cluster: Cluster;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'urumi-doctor-'));
  const { signal } = new AbortController();
  await bootstrapCluster(signal);
  const name = toClusterName(buildPlaces(state));
  cluster = await up({ name, storage: 'memory', nodes: 'simulated', apiPort: 0, owner: 'caller' });
  await installRoles(cluster, signal);
});
afterAll(async () => {
  await cluster?.down();
  await rm(state, { recursive: true, force: true });
  expect(await findLeftovers(state)).toEqual([]);
});

it('tells that the cluster is well, that its policies act, and that there is no release', async () => {
  // A policy takes effect some seconds after it was made.
  const diagnosis = await waitFor({ what: 'the policies to act', timeoutMs: 30_000 }, async () => {
    const seen = await diagnose(cluster.kubeconfig);
    return seen.of('policies act').state === 'ok' ? seen : new NotYet(JSON.stringify(seen.lines));
  });
  const inOrder = ['cluster', 'nodes', 'clocks', 'policies', 'policies act', 'stores', 'certificates', 'storage'];
  for (const check of inOrder) expect(diagnosis.of(check)).toMatchObject({ state: 'ok' });
  for (const check of ['namespace', 'release', 'api', 'worker', 'reconciler', 'network policies']) {
    expect(diagnosis.of(check)).toMatchObject({ state: 'FAULT', remedy: expect.stringMatching(/./) });
  }
  expect(diagnosis.lines.filter(({ saw }) => saw.startsWith('not told'))).toEqual([]);
  expect(diagnosis.exitCode).toBe(1);
  expect((await cluster.kubectl(['get', 'namespaces', '--output', 'name'])).stdout).not.toContain('store-');
});

it('finds a guard that was taken away, and one that only warns', async () => {
  const binding = ['validatingadmissionpolicybinding', 'urumi-worker-namespaces'];
  const audit = JSON.stringify({ spec: { validationActions: ['Audit'] } });
  await cluster.kubectl(['patch', ...binding, '--type=merge', '--patch', audit]);
  expect((await diagnose(cluster.kubeconfig)).of('policies')).toMatchObject({
    state: 'FAULT',
    saw: 'urumi-worker-namespaces does not deny',
  });
  await cluster.kubectl(['delete', ...binding]);
  const act = await waitFor({ what: 'the policy to be gone', timeoutMs: 30_000 }, async () => {
    const seen = (await diagnose(cluster.kubeconfig)).of('policies act');
    return seen.state === 'FAULT' ? seen : new NotYet(JSON.stringify(seen));
  });
  expect(act.saw).toContain('was accepted');
  expect((await cluster.kubectl(['get', 'namespaces', '--output', 'name'])).stdout).not.toContain('store-');
});

it('does not crash on credentials that may read nothing: what it cannot tell is a question mark', async () => {
  const file = join(state, 'nobody.kubeconfig');
  await writeKubeconfig(cluster, { user: 'nobody', groups: [], file }, new AbortController().signal);
  const diagnosis = await diagnose(file);
  const { lines } = diagnosis;
  expect(diagnosis.of('cluster').state).toBe('ok');
  expect(lines.filter(({ check }) => check !== 'cluster').map(({ state }) => state)).toEqual(
    Array.from({ length: lines.length - 1 }, () => '?'),
  );
});

/** In a process of its own, by the kubectl on its PATH. */
function diagnose(kubeconfig: string): Promise<Diagnosis> {
  const args = [join(projectFolder, 'scripts', 'doctor.ts'), '--json', '--kubeconfig', kubeconfig];
  const env = { PATH: `${cluster.binDir}${delimiter}${process.env['PATH'] ?? ''}`, HOME: state };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode !== 'number') return reject(error ?? new Error('no exit code'));
      const { lines } = JSON.parse(stdout) as { readonly lines: readonly Line[] };
      const of = (check: string): Line => {
        const line = lines.find((each) => each.check === check);
        if (line === undefined) throw new Error(`no line of ${check}`);
        return line;
      };
      resolve({ exitCode, lines, of });
    });
  });
}
