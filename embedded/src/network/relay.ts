/**
 * One half of the way into the cluster: listens on an address and passes each connection on to another. Unix sockets
 * join the halves, because the file system is shared between network namespaces and the network is not.
 */
import { rmSync } from 'node:fs';
import net from 'node:net';

export type Address = { path: string } | { host: string; port: number };

export interface Relay {
  /** Where it listens; for port 0 the port it got. */
  address: Address;
  close(): Promise<void>;
}

/** Starts relaying from `listen` to `target`. A target that does not answer ends the connection, nothing else. */
export function startRelay(listen: Address, target: Address): Promise<Relay> {
  if ('path' in listen) rmSync(listen.path, { force: true });
  const open = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (from) => {
    const to = net.connect({ ...target, allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        if (!socket.readableEnded) other.destroy();
      });
      socket.pipe(other);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen, () => {
      const bound = server.address();
      const address = bound === null || typeof bound === 'string' ? listen : { host: bound.address, port: bound.port };
      resolve({
        address,
        close: () =>
          new Promise((done) => {
            for (const socket of open) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}
