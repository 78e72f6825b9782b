/**
 * Makes a layer by running programs of other layers. Their files are unpacked into a work folder, one root each, and the
 * layer's script runs beside them in namespaces of its own: no network but loopback, no process that outlives the build.
 * Needs root: servers run as the users they have in a container.
 */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerFile } from './archive.ts';
import type { InsideLayer } from './recipes/types.ts';
import { run } from './run.ts';

/** Gives each root what a container has, then calls the layer's script. */
export const insideScript = join(import.meta.dirname, 'inside.sh');

type Place = {
  /** What the script leaves here becomes the layer. */
  root: string;
  work: string;
  packageFolder: string;
  makeParts: () => Promise<LayerFile[][]>;
  signal?: AbortSignal;
};

/** @throws Error with the script's last output */
export async function runInside(layer: InsideLayer, place: Place): Promise<void> {
  const { root, work, packageFolder, signal } = place;
  if (process.geteuid?.() !== 0)
    throw new Error(`${layer.name} is made by running servers as their users: run as root`);
  const roots: string[] = [];
  for (const [index, files] of (await place.makeParts()).entries()) {
    const folder = join(work, `inside-${index}`);
    await mkdir(folder);
    await chmod(folder, 0o755);
    for (const { path } of files) {
      await run({ file: 'tar', args: ['-xpf', path, '-C', folder], timeoutMs: 5 * 60_000, signal });
    }
    roots.push(folder);
  }
  const folder = join(packageFolder, layer.folder);
  const chart = layer.chartFiles === undefined ? {} : { CHART_FILES: join(packageFolder, layer.chartFiles) };
  await run({
    file: 'unshare',
    args: ['--net', '--ipc', '--uts', 'sh', insideScript, layer.script, root, ...roots],
    cwd: folder,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      ...chart,
      ...layer.env,
    },
    timeoutMs: layer.timeoutMs,
    signal,
  });
}
