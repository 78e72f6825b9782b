import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { engines } from '@urumi/shared/domain/engines/catalog';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Prober } from './probe.ts';

const engine = engines.medusa;
const target = { storeId: 'abcd1234', host: 'abcd1234.localhost', engine };
const marker = engine.probeMarker('abcd1234');
const page = `<html><head>${marker}</head><body><a ${engine.productMarker}t-shirt">T-shirt</a></body></html>`;

describe('a probe', () => {
  let server: Server;
  let answer: RequestListener;
  let prober: Prober;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => prober.close());
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const open = (timeoutMs = 300, port = (server.address() as AddressInfo).port): Prober =>
    (prober = new Prober({ host: '127.0.0.1', port, scheme: 'http', publicPort: 8080, timeoutMs }));

  it('goes to the ingress with the host of the shop and passes on its content', async () => {
    let seen: unknown;
    answer = (request, response) => {
      seen = [request.headers.host, request.url];
      response.end(page);
    };
    expect(await open().probe(target)).toEqual({ passed: true });
    // As shoppers do: a shop may redirect whoever leaves its port out.
    expect(seen).toEqual(['abcd1234.localhost:8080', '/']);
  });

  it.each<[string, RequestListener, string, RegExp]>([
    ['an error', (_request, response) => response.writeHead(503).end(page), 'status', /answers 503/],
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { location: '/' }).end(page),
      'status',
      /answers 302/,
    ],
    ['no content', (_request, response) => response.writeHead(204).end(), 'status', /answers 204/],
    [
      'the page of another shop',
      (_request, response) => response.end(page.replace('abcd1234', 'other123')),
      'content',
      /not the one/,
    ],
    ['a page without a product', (_request, response) => response.end(marker), 'content', /no product/],
    ['nothing', () => undefined, 'no-answer', /did not answer within 300 ms/],
    [
      'half a page',
      (_request, response) => void response.writeHead(200).write(marker),
      'no-answer',
      /did not answer within 300 ms/,
    ],
    ['a broken answer', (request) => request.socket.destroy(), 'no-answer', /broke off/],
    [
      'a page whose marks lie beyond half a megabyte',
      (_request, response) => response.end(' '.repeat(600_000) + page),
      'content',
      /not the one/,
    ],
  ])('does not pass on %s', async (_what, respond, kind, failure) => {
    answer = respond;
    expect(await open().probe(target)).toMatchObject({ passed: false, kind, failure: expect.stringMatching(failure) });
  });

  it('tells that nobody answers at the address', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await open(300, port).probe(target)).toMatchObject({
      passed: false,
      kind: 'unreachable',
      failure: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('keeps its connection for the next one', async () => {
    answer = (_request, response) => response.end(page);
    open();
    connections = 0;
    for (let round = 0; round < 5; round += 1) expect((await prober.probe(target)).passed).toBe(true);
    expect(connections).toBe(1);
  });
});
