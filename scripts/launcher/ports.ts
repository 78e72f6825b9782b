/** Ports on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** True where nothing listens on this port of loopback. */
async function isPortFree(port: number): Promise<boolean> {
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

/**
 * @param wanted  ports, each with the option that chooses another
 * @throws Error that names the port and the option
 */
export async function assertPortsFree(wanted: readonly (readonly [port: number, option: string])[]): Promise<void> {
  for (const [port, option] of wanted) {
    if (await isPortFree(port)) continue;
    throw new Error(`port ${port} is in use on this machine. Free it, or choose another with ${option}`);
  }
}
