/**
 * The database images alone: what their templates hold, and how a first start ends that cannot succeed. Unpacked layers, their
 * own user, a read-only root.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildImages } from '../build.ts';
import type { RunConfig } from '../lib/recipes/types.ts';
import { run } from '../lib/run.ts';
import { ownFolder, place, start, unpackImage, type Container } from '../testing/container.ts';
import { freePort } from './waiting.ts';

const isRoot = process.getuid?.() === 0;
const minute = 60_000;

const databases = [
  { image: 'mariadb-wordpress', sockets: 'run/mysqld', portVariable: 'MYSQL_TCP_PORT' },
  { image: 'postgres-medusa', sockets: 'run/postgresql', portVariable: 'PGPORT' },
] as const;

describe.skipIf(!isRoot).each(databases)('$image (needs root)', ({ image, sockets, portVariable }) => {
  let folder: string;
  let root: string;
  let config: RunConfig;
  let template: string;
  let running: Container | undefined;

  const startDatabase = async (env: Record<string, string>, small?: string): Promise<Container> => {
    const port = String(await freePort());
    running = start({ root, config, env: { [portVariable]: port, ...env }, writable: ['data', 'tmp', sockets], small });
    return running;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'urumi-databases-'));
    root = join(folder, 'root');
    const [built] = await buildImages([image]);
    if (built?.template === undefined) throw new Error(`${image} carries no template`);
    template = built.template;
    config = await unpackImage(built.tar, root);
    place(root, 'run/secrets/urumi/database/password', 'database secret');
    for (const path of ['tmp', sockets]) ownFolder(root, path, config);
  }, 30 * minute);
  beforeEach(() => ownFolder(root, 'data', config));
  afterEach(async () => {
    await running?.kill();
    running = undefined;
    rmSync(join(root, 'data'), { recursive: true, force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds nothing in its template of the values it was made with', { timeout: minute }, async () => {
    const unpacked = join(folder, 'template');
    mkdirSync(unpacked);
    const archive = join(root, `usr/share/urumi/template/${template}.tar.zst`);
    await run({ file: 'tar', args: ['--zstd', '-xf', archive, '-C', unpacked], timeoutMs: minute });
    // Every secret, password, address and e-mail of the build bears this mark.
    const found = await run({
      file: 'sh',
      args: ['-c', 'grep -rlc throwaway "$1" || [ $? = 1 ]', 'sh', unpacked],
      timeoutMs: minute,
    });
    expect(found.trim()).toBe('');
  });

  it('names a template that it does not carry', { timeout: minute }, async () => {
    const container = await startDatabase({ TEMPLATE: 'another-1.0-en_US-00000000' });
    expect(await container.ended).toBe(1);
    expect(container.output()).toMatch(/^urumi: cause=TemplateMissing: .*another-1\.0-en_US-00000000/m);
  });

  it('names a volume that is full', { timeout: minute }, async () => {
    const container = await startDatabase({ TEMPLATE: template }, 'data=6m');
    expect(await container.ended).toBe(1);
    expect(container.output()).toMatch(/^urumi: cause=VolumeFull: /m);
  });

  it('stops within seconds at any moment of its first start', { timeout: minute }, async () => {
    for (const afterMs of [50, 200, 500, 1_000]) {
      const container = await startDatabase({ TEMPLATE: template });
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const since = performance.now();
      container.signal(config.StopSignal as NodeJS.Signals);
      await container.ended;
      expect(performance.now() - since, `after ${afterMs} ms:\n${container.output()}`).toBeLessThan(10_000);
    }
  });
});
