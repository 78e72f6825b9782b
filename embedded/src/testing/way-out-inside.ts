/**
 * The process inside a cluster's network that leads an address there to a unix socket. It ends with its caller: when its
 * standard input closes.
 *
 * Arguments: host, port, path of the socket.
 */
import { startRelay } from '../network/relay.ts';

const [host, port, path] = process.argv.slice(2);
if (host === undefined || port === undefined || path === undefined) throw new Error('usage: way-out HOST PORT SOCKET');
await startRelay({ host, port: Number(port) }, { path });
process.stdout.write('listening\n');
process.stdin.on('end', () => process.exit(0)).resume();
