import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of loopback that is free now. Another process could take it before it is used; its user then fails and says so. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the free port has no number');
  return address.port;
}
