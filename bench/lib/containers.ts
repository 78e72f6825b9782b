/** Runs the two containers of a data plane from their unpacked images, anew each time. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { request as get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, ownFolder, place, start } from '@urumi/images/testing/container';
import type { RunConfig } from '../../images/lib/recipes/types.ts';
import { type DataPlane, host, type Way } from './data-planes.ts';
import type { Phases } from './rounds.ts';

export interface Unpacked {
  readonly root: string;
  readonly config: RunConfig;
}

export interface Unit {
  readonly plane: DataPlane;
  readonly database: Unpacked & { readonly template: string };
  readonly web: Unpacked;
}

const pageMs = 180_000;
const lookEveryMs = 10;

/** Database container start until the shop's own data is there; then its web container until the page shows. */
export async function runWay({ plane, database, web }: Unit, way: Way): Promise<Phases> {
  clear(database, plane.databaseWritable);
  clear(web, plane.webWritable);
  // What the one before wrote would reach the disk in this one's time.
  execFileSync('sync');
  const running: Container[] = [];
  const begin = (container: Container): Container => {
    running.push(container);
    return container;
  };
  const route = way.usesTemplate ? 'template' : 'scratch';
  const env = { ...plane.webEnv, SETUP_ROUTE: route };
  const inWeb = (command: readonly string[] | null) =>
    begin(start({ ...web, env, writable: [...plane.webWritable], command: [...(command ?? web.config.Entrypoint)] }));
  try {
    const began = performance.now();
    const since = () => performance.now() - began;
    const databaseEnv = { ...plane.databaseEnv, TEMPLATE: way.usesTemplate ? database.template : '' };
    begin(start({ ...database, env: databaseEnv, writable: [...plane.databaseWritable] }));
    for (const command of way.commands) {
      const step = inWeb(command);
      const code = await step.ended;
      if (code !== 0)
        throw new Error(`${command.join(' ').slice(0, 80)} ended with ${code}: ${step.output().slice(-600)}`);
    }
    const total = since();
    const server = inWeb(way.web);
    await untilPage(plane, () => server.output());
    return { total, 'then its first page': since() };
  } finally {
    await Promise.all(running.map((container) => container.kill()));
  }
}

/** Secrets and content of the shop, once: no run changes them. */
export function furnish({ plane, database, web }: Unit): void {
  const secrets = {
    'database/password': 'database secret',
    'admin/email': 'admin@example.com',
    'admin/password': 'bench password',
    'app/jwtSecret': 'jwt secret',
    'app/cookieSecret': 'cookie secret',
    'app/publishableKey': 'pk_0123456789abcdef0123456789',
    'app/salt': 'salt of the bench, long enough to be one',
  };
  for (const { root } of [database, web]) {
    for (const [name, text] of Object.entries(secrets)) place(root, `run/secrets/urumi/${name}`, text);
  }
  for (const [name, text] of Object.entries(plane.seed)) place(web.root, `seed/${name}`, text);
}

function clear({ root, config }: Unpacked, folders: readonly string[]): void {
  for (const folder of folders) {
    rmSync(join(root, folder), { recursive: true, force: true });
    ownFolder(root, folder, config);
  }
}

async function untilPage({ page }: DataPlane, output: () => string): Promise<void> {
  const until = performance.now() + pageMs;
  while (performance.now() < until) {
    if (page.shows.test(await read(page.port, page.path))) return;
    await sleep(lookEveryMs);
  }
  throw new Error(`no page within ${pageMs} ms: ${output().slice(-600)}`);
}

function read(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const asking = get({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}` } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? body : ''));
    });
    asking.on('error', () => resolve('')); // not listening yet
    asking.end();
  });
}
