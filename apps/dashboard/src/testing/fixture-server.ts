/** Serves the built dashboard with the api's own policy, and a {@link World} under /api. For tests in a real browser only. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fixtureNow } from './fixtures.ts';
import { answerCall, type Call, type World } from './world.ts';

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface FixtureServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** @param directory the built dashboard */
export async function startFixtureServer(world: World, directory: string): Promise<FixtureServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture');
    const serve = url.pathname.startsWith('/api/')
      ? serveApi(world, url, request, response)
      : serveFile(directory, url.pathname, response);
    serve.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serveApi(world: World, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const call: Call = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    token: request.headers.authorization?.replace(/^Bearer /, '') ?? null,
    idempotencyKey: request.headers['idempotency-key']?.toString() ?? null,
    ifNoneMatch: request.headers['if-none-match'] ?? null,
    body: text === '' ? null : JSON.parse(text),
  };
  const answer = answerCall(world, call);
  if (answer === 'hold') return;
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  // The page counts ages from this clock, so the shots do not depend on the day they are taken.
  response.sendDate = false;
  response.writeHead(answer.status, {
    date: new Date(fixtureNow).toUTCString(),
    'content-type': 'application/json',
    ...answer.headers,
  });
  response.end(answer.status === 304 ? undefined : JSON.stringify(answer.body));
}

async function serveFile(directory: string, path: string, response: ServerResponse): Promise<void> {
  const inside = normalize(path).replace(/^\/+/, '');
  const file = extname(inside) === '' ? 'index.html' : inside;
  const body = await readFile(join(directory, file)).catch(() => null);
  response.writeHead(body === null ? 404 : 200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy,
  });
  response.end(body);
}
