import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageConfig, tarHeader, writeArchive, type Image } from './archive.ts';

const run: Image['run'] = {
  User: '999:999',
  ExposedPorts: { '5432/tcp': {} },
  Env: ['A=b'],
  Entrypoint: ['/start'],
  WorkingDir: '/',
  StopSignal: 'SIGINT',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'urumi-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function imageOf(...contents: string[]): Image {
  const layers = contents.map((content, index) => {
    const path = join(folder, `layer-${index}`);
    writeFileSync(path, content);
    return { path, sha256: String(index).repeat(64) };
  });
  return { ref: 'localhost/urumi/x:1', run, layers };
}

describe('a docker-archive', () => {
  it('is a tar that names configuration, reference and layers in its manifest', async () => {
    const tar = join(folder, 'image.tar');
    await writeArchive(tar, imageOf('first', 'x'.repeat(1000)));
    const names = execFileSync('tar', ['-tf', tar], { encoding: 'utf8' }).trim().split('\n');
    const manifest = JSON.parse(execFileSync('tar', ['-xOf', tar, 'manifest.json'], { encoding: 'utf8' })) as {
      Config: string;
      RepoTags: string[];
      Layers: string[];
    }[];
    expect(manifest).toEqual([
      {
        Config: names[1],
        RepoTags: ['localhost/urumi/x:1'],
        Layers: [`${'0'.repeat(64)}.tar`, `${'1'.repeat(64)}.tar`],
      },
    ]);
    expect(names).toEqual(['manifest.json', manifest[0]?.Config, ...(manifest[0]?.Layers ?? [])]);
  });

  it('holds each layer byte for byte', async () => {
    const tar = join(folder, 'image.tar');
    await writeArchive(tar, imageOf('y'.repeat(513)));
    expect(execFileSync('tar', ['-xOf', tar, `${'0'.repeat(64)}.tar`], { encoding: 'utf8' })).toBe('y'.repeat(513));
  });

  it('holds a layer that appears twice once', async () => {
    const tar = join(folder, 'image.tar');
    const image = imageOf('same');
    await writeArchive(tar, { ...image, layers: [...image.layers, ...image.layers] });
    expect(execFileSync('tar', ['-tf', tar], { encoding: 'utf8' }).trim().split('\n')).toHaveLength(3);
  });

  it('is the same for the same image at another time', async () => {
    const [one, two] = [join(folder, 'one.tar'), join(folder, 'two.tar')];
    await writeArchive(one, imageOf('a'));
    await writeArchive(two, imageOf('a'));
    expect(() => execFileSync('cmp', [one, two])).not.toThrow();
  });
});

describe('an image configuration', () => {
  it('says who runs, where, and how it is stopped', () => {
    const config = JSON.parse(imageConfig(imageOf('a'), 'amd64')) as { config: Image['run']; architecture: string };
    expect(config.config).toEqual(run);
    expect(config.architecture).toBe('amd64');
  });
});

describe('a tar header', () => {
  it('refuses a name that does not fit', () => {
    expect(() => tarHeader('n'.repeat(101), 0)).toThrow('too long');
  });

  it('refuses a size that does not fit', () => {
    expect(() => tarHeader('n', 8 ** 11)).toThrow('too large');
  });
});
