import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const committed = join(root, 'src/api/generated');
let fresh: string;

beforeAll(async () => {
  fresh = await mkdtemp(join(tmpdir(), 'urumi-client-'));
  await promisify(execFile)(join(root, 'node_modules/.bin/openapi-ts'), [], {
    cwd: root,
    env: { ...process.env, CLIENT_DIRECTORY: fresh },
    timeout: 60_000,
  });
}, 60_000);

afterAll(() => rm(fresh, { recursive: true, force: true }));

it('the committed client is the one made from openapi.json: else run "pnpm --filter @urumi/dashboard client"', async () => {
  expect(await readAll(committed)).toEqual(await readAll(fresh));
});

async function readAll(directory: string): Promise<Record<string, string>> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map(async (file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(directory.length), await readFile(path, 'utf8')] as const;
    });
  return Object.fromEntries(await Promise.all(texts));
}
