import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/** Below the range from which Linux takes the ports of outgoing connections, any of which could have it before its user listens. */
const [least, most] = [15_000, 32_000];
const triesMax = 100;

/** A port of loopback that is free now. Another process could take it before it is used; its user then fails and says so. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(least, most);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`none of ${triesMax} ports of loopback was free`);
}

/** True where one can listen on this port of loopback. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false; // Whoever or whatever is in the way.
  }
  server.close();
  await once(server, 'close');
  return true;
}
