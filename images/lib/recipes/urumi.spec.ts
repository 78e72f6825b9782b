/** The platform's images, told twice: here, in the chart that runs them, and in the Dockerfile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BINARY_GROUPS, BUILD_FLAGS, linkerFlags } from '@urumi/embedded/binaries/catalog';
import { expect, it } from 'vitest';
import { redis } from './redis.ts';
import { urumi } from './urumi.ts';

const project = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

it.each([urumi, redis])('$ref is what the platform chart runs on one machine', ({ ref }) => {
  const [repository, tag] = ref.split(/:(?=[^/]+$)/);
  expect(read('charts/platform/values-local.yaml')).toContain(`repository: ${repository}\n`);
  expect(read('charts/platform/values.yaml')).toMatch(
    new RegExp(`repository: ${repository?.replace('localhost/', '')}\n +tag: '?${tag}'?\n`),
  );
});

it.each(['api', 'worker', 'reconciler'])('its entry knows the argument that the chart gives the %s', (service) => {
  expect(read(`charts/platform/templates/${service}/workload.yaml`)).toContain(`args: [${service}]\n`);
  expect(read('images/urumi/entrypoint.sh')).toContain('api | worker | reconciler)');
});

it('holds the helm of the embedded cluster in its Dockerfile too', () => {
  const group = BINARY_GROUPS.find(({ name }) => name === 'helm');
  if (group === undefined) throw new Error('the embedded cluster builds no helm');
  const dockerfile = read('images/urumi/Dockerfile');
  expect(dockerfile).toContain(`go build ${BUILD_FLAGS.join(' ')}`);
  expect(dockerfile).toContain(`-ldflags '${linkerFlags(group)}'`);
  expect(dockerfile).toContain(group.packages['helm']);
});

it('is built by the pnpm of the project', () => {
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  expect(read('images/urumi/Dockerfile')).toContain(`npm install --global ${packageManager}\n`);
});
