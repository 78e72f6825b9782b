/**
 * A process that listens where a test wants it, inside a cluster's network. It ends with its caller: when its standard
 * input closes.
 *
 * Argument: a JSON list of [address, port].
 */
import { once } from 'node:events';
import net from 'node:net';

const offers = JSON.parse(process.argv[2] ?? '[]') as [address: string, port: number][];
await Promise.all(
  offers.map(async ([address, port]) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined); // a prober that hangs up at once is content
      socket.end('here\n');
    });
    server.listen(port, address);
    await once(server, 'listening');
  }),
);
process.stdout.write('listening\n');
process.stdin.on('end', () => process.exit(0)).resume();
