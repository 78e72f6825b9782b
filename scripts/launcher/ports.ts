/** Ports on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that is free now. Another process could take it before it is used; the user of it then fails and says so. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the free port has no number');
  return address.port;
}

/** True where nothing listens on this port of loopback. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
