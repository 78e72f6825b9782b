/**
 * Where a start-up probe waits while the main thread loads Medusa and answers nothing: one request is held until the server
 * is open, so the cluster learns of it in that moment. Closed after that; `/health` of the server itself speaks from then on.
 */
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 50;
/** Longest answer, under the start-up probe's own patience. */
const waitMs = 25_000;

/** @param serverPort  port of the server whose `/health` is asked; @param port  port to listen on */
export function announceOpening(serverPort: number, port: number): Server {
  const server = createServer((_request, response) => {
    void waitUntilOpen(serverPort, response).then((isOpen) => {
      response.writeHead(isOpen ? 200 : 503, { connection: 'close' }).end(isOpen ? 'open' : 'not open yet');
      if (isOpen) server.close();
    });
  });
  return server.listen(port);
}

async function waitUntilOpen(serverPort: number, response: { readonly destroyed: boolean }): Promise<boolean> {
  const until = performance.now() + waitMs;
  while (performance.now() < until && !response.destroyed) {
    if (await isOpen(serverPort)) return true;
    await sleep(pollMs);
  }
  return false;
}

async function isOpen(serverPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${serverPort}/health`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
