/** A shop's address on a loopback port, with the chart's routes (charts/ecommerce-store/templates/routing) behind it. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

const ofTheServer = /^\/(store|admin|auth|app|health|hooks|static)(\/|\?|$)/;

export type Door = { url: string; close: () => Promise<void> };

export async function openDoor(ports: { medusa: number; storefront: number }): Promise<Door> {
  const door = createServer((incoming, outgoing) => {
    const { url: path = '/', method, headers } = incoming;
    const port = ofTheServer.test(path) ? ports.medusa : ports.storefront;
    const onward = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing).catch(() => outgoing.destroy());
    });
    onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve());
        door.closeAllConnections();
      }),
  };
}
