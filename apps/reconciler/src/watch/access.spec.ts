import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildKubeconfigReader, buildPodReader } from './access.ts';

const kubeconfig = (server: string, user: object = { token: 't1' }): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from('CA').toString('base64') } }],
    users: [{ name: 'u', user }],
  });

describe('access to a cluster', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'urumi-access-'));
    path = join(folder, 'kubeconfig');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('may appear late', async () => {
    const read = buildKubeconfigReader(path);
    await expect(read()).rejects.toMatchObject({ code: 'cluster.unreachable' });
    await writeFile(path, kubeconfig('https://127.0.0.1:6443'));
    expect(await read()).toMatchObject({ server: new URL('https://127.0.0.1:6443'), tls: { ca: 'CA' }, token: 't1' });
  });

  it('is the same as long as its file is, and new when that is made anew', async () => {
    const read = buildKubeconfigReader(path);
    await writeFile(path, kubeconfig('https://127.0.0.1:6443'));
    const first = await read();
    expect(await read()).toBe(first);
    const fresh = buildKubeconfigReader(path);
    const [one, other] = await Promise.all([fresh(), fresh()]);
    expect(one).toBe(other);
    await writeFile(path, kubeconfig('https://127.0.0.1:16443'));
    expect((await read()).server.port).toBe('16443');
  });

  it('takes client certificates by data or by file beside the kubeconfig', async () => {
    await writeFile(join(folder, 'client.key'), 'KEY');
    const certificate = Buffer.from('CERT').toString('base64');
    await writeFile(
      path,
      kubeconfig('https://[::1]:6443', { 'client-certificate-data': certificate, 'client-key': 'client.key' }),
    );
    expect((await buildKubeconfigReader(path)()).tls).toMatchObject({
      cert: 'CERT',
      key: 'KEY',
      rejectUnauthorized: true,
    });
  });

  it.each([
    ['is no YAML', '\t{'],
    ['lacks its parts', '{}'],
    ['points at nothing', kubeconfig('https://x').replace('"here","contexts"', '"there","contexts"')],
  ])('is refused with a cause where the kubeconfig %s', async (_what, text) => {
    await writeFile(path, text);
    await expect(buildKubeconfigReader(path)()).rejects.toMatchObject({ code: 'cluster.unreachable' });
  });

  it('of a pod follows its renewed token', async () => {
    await writeFile(join(folder, 'ca.crt'), 'CA');
    await writeFile(join(folder, 'token'), 'old\n');
    const read = buildPodReader('10.96.0.1', 443, folder);
    expect(await read()).toMatchObject({ server: new URL('https://10.96.0.1'), token: 'old', tls: { ca: 'CA' } });
    await writeFile(join(folder, 'token'), 'renewed\n');
    expect((await read()).token).toBe('renewed');
  });
});
