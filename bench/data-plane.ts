/**
 * P10 and P11: from the start of the database's container until the shop's own address, passwords and salts are set, as
 * containers without a cluster. A template against a set-up in one process against one process for each step, in turn.
 *
 *   node bench/data-plane.ts [--rounds N] [--engine medusa|woocommerce] [--busy] [--out FOLDER]
 *
 * Needs root. The measured part runs in a network namespace of its own: nothing listens on this machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages } from '@urumi/images/build';
import { unpackImage } from '@urumi/images/testing/container';
import { checkPluginArchive, readPluginSource } from '../images/lib/plugin-archive.ts';
import { parseBenchOptions } from './lib/arguments.ts';
import { furnish, runWay, type Unit } from './lib/containers.ts';
import { type DataPlane, dataPlanes } from './lib/data-planes.ts';
import { inspectMachine, refuseBusy } from './lib/machine.ts';
import { diskName, useOwnDisk } from './lib/own-disk.ts';
import { formatReport, type Report, type Row, writeReport } from './lib/report.ts';
import { type Entry, runRounds } from './lib/rounds.ts';

/** The second half of the program, in the namespace: folder of the prepared units. */
const inside = process.env['URUMI_BENCH_INSIDE'];
const options = parseBenchOptions(process.argv.slice(2));
if (inside === undefined) await prepareAndEnter();
else await measureInside(inside);

interface Prepared {
  readonly plane: string;
  readonly unit: Omit<Unit, 'plane'> | null;
  readonly unavailable: string | null;
}

async function prepareAndEnter(): Promise<void> {
  const disk = await useOwnDisk();
  try {
    const wanted = dataPlanes.filter(({ name }) => options.only === null || name.startsWith(options.only));
    const prepared: Prepared[] = [];
    for (const plane of wanted) prepared.push(await prepare(plane, disk.folder));
    await writeFile(join(disk.folder, 'prepared.json'), JSON.stringify(prepared));
    const enter = 'ip link set lo up && exec "$@"';
    const command = [process.execPath, ...process.execArgv, import.meta.filename, ...process.argv.slice(2)];
    // The containers end with the process namespace, however the measuring ends.
    const namespaces = ['--net', '--pid', '--mount', '--mount-proc', '--fork', '--kill-child'];
    const child = spawn('unshare', [...namespaces, 'sh', '-c', enter, 'sh', ...command], {
      stdio: 'inherit',
      env: { ...process.env, URUMI_BENCH_INSIDE: disk.folder },
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const [code] = (await once(child, 'close')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await disk.remove();
  }
}

async function prepare(plane: DataPlane, folder: string): Promise<Prepared> {
  const source = readPluginSource(process.env);
  if (plane.needsPlugin && source === undefined) {
    return { plane: plane.name, unit: null, unavailable: 'no plugin archive is given (URUMI_WOOCOMMERCE_PLUGIN)' };
  }
  const plugin = plane.needsPlugin && source !== undefined ? await checkPluginArchive(source) : undefined;
  const names = [plane.images.database, plane.images.web];
  const [database, web] = await buildImages(names, {
    ...(plugin === undefined ? {} : { plugin }),
    onProgress: ({ text }) => process.stdout.write(`  ${text}\n`),
  });
  if (database?.template === undefined || web === undefined)
    throw new Error(`${plane.name}: the images were not built`);
  const unpack = async ({ name, tar }: { name: string; tar: string }) => {
    const root = join(folder, `${plane.images.web}-${name}`);
    return { root, config: await unpackImage(tar, root) };
  };
  const unit = { database: { ...(await unpack(database)), template: database.template }, web: await unpack(web) };
  return { plane: plane.name, unit, unavailable: null };
}

async function measureInside(folder: string): Promise<void> {
  const machine = await inspectMachine();
  refuseBusy(machine, options.busy);
  const prepared = JSON.parse(await readFile(join(folder, 'prepared.json'), 'utf8')) as Prepared[];
  const rows: Row[] = [];
  for (const one of prepared) {
    const plane = dataPlanes.find(({ name }) => name === one.plane);
    if (plane !== undefined) rows.push(await measure(plane, one));
  }
  const report: Report = {
    question: "P10, P11: from the database's start to the shop's own data",
    machine,
    settings: { rounds: options.rounds, warmUp: 1, disk: diskName },
    rows,
  };
  process.stdout.write(`\n${formatReport(report)}`);
  process.stdout.write(`\n${await writeReport(report, options.resultsFolder, 'data-plane')}\n`);
}

async function measure(plane: DataPlane, { unit, unavailable }: Prepared): Promise<Row> {
  const [ours, ...rivals] = plane.ways.map(({ name }) => name);
  const base = { name: plane.name, ours: ours ?? '', rivals };
  if (unit === null) return { ...base, entries: [], unavailable };
  const whole: Unit = { plane, ...unit };
  furnish(whole);
  const [first] = plane.ways;
  if (first !== undefined) await runWay(whole, first); // files into the page cache
  const contestants = plane.ways.map((way) => ({ name: way.name, run: () => runWay(whole, way) }));
  const entries = await runRounds({ contestants, rounds: options.rounds, onEntry: say });
  return { ...base, entries, unavailable: null };
}

function say({ round, contestant, phases, fault }: Entry): void {
  const outcome = phases === null ? `void: ${fault}` : `${(phases.total / 1000).toFixed(2)} s`;
  process.stdout.write(`  round ${round + 1}: ${contestant}: ${outcome}\n`);
}
