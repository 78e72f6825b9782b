/**
 * The embedded cluster for real: every guarantee of the README on clusters that are started, used, killed and removed.
 * Needs root; each test brings clusters of its own names and leaves nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { waitUntil } from '../src/base/wait.ts';
import { down } from '../src/cluster/down.ts';
import { writeKubeconfig } from '../src/cluster/identity.ts';
import { readStatus } from '../src/cluster/status.ts';
import { attach, type Cluster, up } from '../src/cluster/up.ts';
import { PAUSE_IMAGE, withPauseImage } from '../src/node/pause-image.ts';
import { findTraces, podNetworks } from '../src/testing/traces.ts';
import { inShop, makeShop, visit } from './support/shop.ts';

const FREE_PORTS = { apiPort: 0, ingressPort: 0 };
const inMemory = (name: string) => ({ name, storage: 'memory' as const, ...FREE_PORTS });

describe('a cluster in memory', () => {
  it('runs a shop: storage for an ordinary user, names, ingress; and gives everything back', async () => {
    const cluster = await up(inMemory('spec-a'));
    try {
      await makeShop(cluster, 'shop', 'hello');
      expect(await inShop(cluster, 'shop', 'id', '-u')).toBe('1000\n');
      expect(await inShop(cluster, 'shop', 'nslookup', 'web.shop.svc.cluster.local')).toContain('10.96.');
      await waitUntil({
        what: 'page',
        timeoutMs: 10_000,
        check: async () => (await visit(cluster, 'shop')) === 'hello',
      });
      expect(await visit(cluster, 'unknown')).toBe('status 404');

      const volumes = join(cluster.stateDir, 'volumes');
      expect(readdirSync(volumes)).toHaveLength(1);
      await cluster.kubectl(['delete', 'namespace', 'shop'], { timeoutMs: 60_000 });
      await waitUntil({ what: 'no folder', timeoutMs: 10_000, check: () => readdirSync(volumes).length === 0 });
      expect((await cluster.kubectl(['get', 'pv', '-o', 'name'])).stdout).toBe('');
    } finally {
      await cluster.down();
    }
    expect(findTraces('spec-a')).toEqual([]);
  });

  it('is not disturbed by another with a name that begins alike', async () => {
    const [one, other] = await Promise.all([up(inMemory('spec-b')), up(inMemory('spec-b-2'))]);
    let ownNetworks: string[] = [];
    try {
      await Promise.all([makeShop(one, 'shop', 'one'), makeShop(other, 'shop', 'other')]);
      const shows = (cluster: Cluster, text: string) =>
        waitUntil({ what: text, timeoutMs: 10_000, check: async () => (await visit(cluster, 'shop')) === text });
      await Promise.all([shows(one, 'one'), shows(other, 'other')]);
      // Other clusters of this machine have pods too: only what these two have is expected to go.
      const traces = [...findTraces('spec-b'), ...findTraces('spec-b-2')].join('\n');
      ownNetworks = podNetworks().filter((network) => traces.includes(network));
      expect(ownNetworks.length).toBeGreaterThanOrEqual(2);
      await one.down();
      expect(findTraces('spec-b')).toEqual([]);
      expect(await visit(other, 'shop')).toBe('other');
      expect(await inShop(other, 'shop', 'nslookup', 'web.shop.svc.cluster.local')).toContain('10.96.');
    } finally {
      await Promise.all([one.down(), other.down()]);
    }
    expect(findTraces('spec-b-2')).toEqual([]);
    expect(podNetworks().filter((network) => ownNetworks.includes(network))).toEqual([]);
  });

  it('does nothing when it runs already, and joins two that start it at once', async () => {
    const [first, second] = await Promise.all([up(inMemory('spec-c')), up(inMemory('spec-c'))]);
    try {
      expect(second.apiUrl).toBe(first.apiUrl);
      const startedAt = performance.now();
      await up(inMemory('spec-c'));
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    } finally {
      await first.down();
    }
    expect(await attach({ name: 'spec-c', storage: 'memory' })).toBeNull();
  });

  it('skips an image that is there, gives identities no right of their own, and the node what its pods name', async () => {
    const cluster = await up({ ...inMemory('spec-d'), until: 'cluster' });
    const dir = mkdtempSync(join(tmpdir(), 'urumi-identity-'));
    try {
      const never = new AbortController().signal;
      await withPauseImage(async (tar) => {
        expect(await cluster.loadImage(tar)).toMatchObject({ references: [PAUSE_IMAGE], isNew: false });
      }, never);
      const file = join(dir, 'kubeconfig');
      await writeKubeconfig(cluster, { user: 'urumi:worker', groups: ['urumi:services'], file });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const as = ['--kubeconfig', file];
      const who = JSON.parse((await cluster.kubectl([...as, 'auth', 'whoami', '-o', 'json'])).stdout) as object;
      expect(who).toMatchObject({ status: { userInfo: { username: 'urumi:worker' } } });
      await expect(cluster.kubectl([...as, 'get', 'pods'])).rejects.toThrow('forbidden');
      // Refused, the kubelet would let a pod wait that it was given a moment ago.
      const asNode = ['--as', 'system:node:node1', '--as-group', 'system:nodes'];
      for (const kind of ['persistentvolumeclaim', 'secret', 'configmap'])
        await expect(cluster.kubectl(['get', kind, 'absent', ...asNode])).rejects.toThrow('not found');
    } finally {
      rmSync(dir, { recursive: true });
      await cluster.down();
    }
  });

  it('keeps no Secret readable on disk', async () => {
    const cluster = await up({ ...inMemory('spec-secrets'), until: 'cluster' });
    try {
      const literal = (name: string) => `--from-literal=word=canary-of-the-${name}`;
      await cluster.kubectl(['create', 'secret', 'generic', 'canary', literal('secret')]);
      await cluster.kubectl(['create', 'configmap', 'canary', literal('configmap')]);
      const etcd = join(cluster.stateDir, 'etcd');
      // What is not secret is found there, so the search finds what there is.
      expect(isOnDisk(etcd, 'canary-of-the-configmap')).toBe(true);
      expect(isOnDisk(etcd, 'canary-of-the-secret')).toBe(false);
      const { stdout } = await cluster.kubectl(['get', 'secret', 'canary', '-o', 'jsonpath={.data.word}']);
      expect(Buffer.from(stdout, 'base64').toString()).toBe('canary-of-the-secret');
    } finally {
      await cluster.down();
    }
  });

  it('restarts a component that crashes, and provisions storage after the API was away', async () => {
    const cluster = await up({ ...inMemory('spec-e'), until: 'cluster' });
    try {
      const component = async (name: string) => {
        const status = await readStatus({ name: 'spec-e', storage: 'memory' });
        return status.state?.components.find((one) => one.name === name);
      };
      const before = await component('kube-apiserver');
      process.kill(before?.pid ?? 0, 'SIGKILL');
      await waitUntil({
        what: 'API again',
        timeoutMs: 60_000,
        check: async () => (await cluster.kubectl(['get', '--raw', '/readyz'], { timeoutMs: 2_000 })).stdout === 'ok',
      });
      expect(await component('kube-apiserver')).toMatchObject({ restarts: 1 });
      await makeShop(cluster, 'shop', 'hello');
    } finally {
      await cluster.down();
    }
  });

  it('ends with its caller, even when that is killed', async () => {
    const module = join(import.meta.dirname, '..', 'src', 'cluster', 'up.ts');
    const request = { ...inMemory('spec-f'), owner: 'caller', until: 'cluster' };
    const script = `const { up } = await import(${JSON.stringify(module)}); await up(${JSON.stringify(request)}); console.log('up'); setInterval(() => {}, 1000);`;
    const caller = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(caller.stdout, 'data');
    caller.kill('SIGKILL');
    await waitUntil({
      what: 'end of the cluster',
      timeoutMs: 30_000,
      check: () => {
        const traces = findTraces('spec-f');
        if (traces.length > 0) throw new Error(traces.join('; '));
        return true;
      },
    });
  });

  it('leaves nothing when its start is aborted', async () => {
    const abort = new AbortController();
    const starting = up(inMemory('spec-g'), {
      signal: abort.signal,
      onProgress: ({ step }) => {
        if (step === 'node') abort.abort(new Error('enough'));
      },
    });
    await expect(starting).rejects.toThrow('enough');
    expect(findTraces('spec-g')).toEqual([]);
  });

  it('says which port is taken', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    await expect(up({ ...inMemory('spec-h'), ingressPort: port })).rejects.toThrow(`ingress: port ${port} on loopback`);
    server.close();
    await down({ name: 'spec-h', storage: 'memory' });
    expect(findTraces('spec-h')).toEqual([]);
  });
});

/** True where a file below the folder holds the text. */
function isOnDisk(folder: string, text: string): boolean {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.some((file) => readFileSync(file).includes(text));
}

describe('a durable cluster', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'urumi-durable-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const request = () => ({ name: 'spec-i', stateDir: join(dir, 'state'), ...FREE_PORTS });
  const shows = (cluster: Cluster, text: string) =>
    waitUntil({ what: text, timeoutMs: 60_000, check: async () => (await visit(cluster, 'shop')) === text });

  it('comes back after a stop, and after a kill of everything, with the same volume; --fresh begins anew', async () => {
    let cluster = await up(request());
    try {
      await makeShop(cluster, 'shop', 'first');
      await shows(cluster, 'first');
      await cluster.down();
      expect(findTraces('spec-i')).toEqual([]);

      cluster = await up(request());
      await shows(cluster, 'first');

      process.kill((await readStatus(request())).supervisorPid ?? 0, 'SIGKILL');
      cluster = await up(request());
      await shows(cluster, 'first');

      cluster = await up({ ...request(), fresh: true });
      expect((await cluster.kubectl(['get', 'namespaces', '-o', 'name'])).stdout).not.toContain('shop');
    } finally {
      await cluster.down();
    }
    expect(findTraces('spec-i')).toEqual([]);
    expect(existsSync(join(dir, 'state', 'etcd'))).toBe(true);
  });

  it('refuses a folder that is not its own', async () => {
    await expect(up({ ...request(), stateDir: tmpdir() })).rejects.toThrow(
      'is not empty and not the state of a cluster',
    );
    await expect(up({ ...request(), stateDir: tmpdir(), fresh: true })).rejects.toThrow('is not the state of cluster');
  });
});
