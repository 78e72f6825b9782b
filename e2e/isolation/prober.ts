/** Tries connections from inside a shop's pod, with what its image holds. */
import type { TestPlatform } from '../support/platform.ts';

export interface Target {
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

/** `open`, or `silent`: dropped on the way. Anything else tells that the test, not a policy, stood in the way. */
export type Outcome = string;

const patienceMs = 2_000;

const scripts = {
  // All at once, names resolved by the pod's own resolver.
  node: `
    const targets = JSON.parse(process.argv[1]);
    const attempt = ({ host, port }) => new Promise((resolve) => {
      const socket = require('net').connect({ host, port });
      const end = (outcome) => { socket.destroy(); resolve(outcome); };
      socket.setTimeout(${patienceMs}, () => end('silent'));
      socket.on('connect', () => end('open'));
      socket.on('error', (error) => end(error.code));
    });
    Promise.all(targets.map(attempt)).then((outcomes) => console.log(JSON.stringify(outcomes)));
  `,
  php: `
    $open = [];
    $outcomes = [];
    foreach (json_decode($argv[1], true) as $key => ['host' => $host, 'port' => $port]) {
      $address = gethostbyname($host);
      $outcomes[$key] = ip2long($address) === false ? 'no address' : 'silent';
      if ($outcomes[$key] !== 'silent') continue;
      $flags = STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT;
      $open[$key] = stream_socket_client("tcp://$address:$port", $code, $text, 1, $flags);
    }
    $until = microtime(true) + ${patienceMs / 1000};
    while ($open && microtime(true) < $until) {
      [$read, $write, $except] = [null, $open, null];
      if (!stream_select($read, $write, $except, 0, 100000)) continue;
      foreach ($write as $key => $socket) {
        $outcomes[$key] = stream_socket_get_name($socket, true) === false ? 'refused' : 'open';
        unset($open[$key]);
      }
    }
    echo json_encode($outcomes), "\\n";
  `,
} as const;

/** @returns outcomes by label */
export async function probe(
  t: Pick<TestPlatform, 'kubectl'>,
  from: { readonly namespace: string; readonly component: string; readonly program: keyof typeof scripts },
  targets: readonly Target[],
): Promise<Record<string, Outcome>> {
  const exec = ['exec', '--namespace', from.namespace, `deployment/store-${from.component}`, '--'];
  const script = scripts[from.program];
  // php keeps what follows `--` for the script.
  const command = from.program === 'node' ? ['node', '-e', script] : ['php', '-r', script, '--'];
  const output = await t.kubectl(...exec, ...command, JSON.stringify(targets));
  const outcomes = JSON.parse(output) as Outcome[];
  return Object.fromEntries(targets.map(({ label }, index) => [label, outcomes[index] ?? 'not tried']));
}
