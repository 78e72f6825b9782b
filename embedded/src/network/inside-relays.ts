/**
 * The process inside the cluster's network that holds the inner halves of all relays.
 *
 * Argument: a JSON list of [socket path, host, port].
 */
import { startRelay } from './relay.ts';

const pairs = JSON.parse(process.argv[2] ?? '[]') as [path: string, host: string, port: number][];
const relays = await Promise.all(pairs.map(([path, host, port]) => startRelay({ path }, { host, port })));
process.stdout.write(`${new Date().toISOString()} relaying ${pairs.map(([path]) => path).join(' ')}\n`);
process.once('SIGTERM', () => {
  void Promise.all(relays.map((relay) => relay.close())).then(() => process.exit(0));
});
