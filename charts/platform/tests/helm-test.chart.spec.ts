/** What `helm test` asks, against stand-ins for a good and a bad installation. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { find, type PodSpec } from '../../testing/objects.ts';
import { renderPlatform } from '../../testing/platform-chart.ts';
import { run } from '../../testing/process.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

const good: Readonly<Record<string, Answer>> = {
  '/readyz': { status: 200, body: '{"status":"ok"}' },
  '/': { status: 200, body: '<!doctype html><HTML lang="en"></HTML>' },
  '/api/stores': { status: 401, body: '{}' },
  '/admin/queues': { status: 401, body: '{}' },
  '/metrics': { status: 200, body: '<!doctype html><html></html>' },
};

const pod = find(await renderPlatform('values-local.yaml'), 'Pod', 'urumi-test-api');
const [container] = (pod.spec as unknown as PodSpec).containers;
let server: Server | undefined;

afterEach(() => server?.close());

test('a good installation passes', async () => {
  const result = await ask(good);
  expect([result.code, result.stdout]).toEqual([0, expect.stringContaining('ok    the api reaches Redis')]);
  expect(result.stdout).not.toContain('FAULT');
});

test.each([
  ['Redis is away', '/readyz', { status: 503, body: '{}' }],
  ['there is no dashboard', '/', { status: 404, body: '{}' }],
  ['shops are shown to strangers', '/api/stores', { status: 200, body: '[]' }],
  ['the queue is shown to strangers', '/admin/queues', { status: 200, body: '<html>' }],
  ['metrics are public', '/metrics', { status: 200, body: '# HELP urumi_redis_durable 1' }],
])('it fails where %s', async (_name, path, answer) => {
  const result = await ask({ ...good, [path]: answer });
  expect(result.code).toBe(1);
  expect(result.stdout.split('\n').filter((line) => line.startsWith('FAULT'))).toHaveLength(1);
  expect(result.stdout).toContain(`${path} answered ${answer.status}`);
});

test('it fails where nobody answers, and says why', async () => {
  const result = await runScript('http://127.0.0.1:1');
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('cannot be asked: ');
});

test('it runs as a hook, by the account and image of the api, and the api lets it in', async () => {
  expect(pod.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'test' });
  expect(pod.spec).toMatchObject({ serviceAccountName: 'urumi-api', restartPolicy: 'Never' });
  const policy = find(await renderPlatform('values-local.yaml'), 'NetworkPolicy', 'urumi-api');
  expect(policy.spec?.['ingress']).toMatchObject([
    {
      from: expect.arrayContaining([
        { podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'test' }) } },
      ]),
      ports: [{ port: 3000 }],
    },
  ]);
});

async function ask(answers: Readonly<Record<string, Answer>>) {
  server = createServer((request, response) => {
    const { status, body } = answers[request.url ?? ''] ?? { status: 404, body: '' };
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening server has no port');
  return runScript(`http://127.0.0.1:${address.port}`);
}

/** The container's own command line, with this process's Node. */
async function runScript(url: string) {
  const [name, ...flags] = container?.command ?? [];
  expect(name).toBe('node');
  return run(process.execPath, [...flags, ...(container?.args ?? [])], { env: { URUMI_URL: url } });
}
