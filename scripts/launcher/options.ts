/** What a person may choose on the command line of `start.sh`. Run as a program it only says whether the choice is right. */
import { parseArgs } from 'node:util';

export interface Options {
  readonly httpPort: number;
  readonly ingressPort: number;
  readonly fresh: boolean;
  /** Urumi runs in the cluster, installed by its chart, instead of beside it. */
  readonly inCluster: boolean;
}

/** @throws Error with a sentence for the person */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string' },
      'shop-port': { type: 'string', default: '8080' },
      fresh: { type: 'boolean', default: false },
      'in-cluster': { type: 'boolean', default: false },
    },
  });
  const options = {
    httpPort: parsePort('--port', values.port ?? '3000'),
    ingressPort: parsePort('--shop-port', values['shop-port']),
    fresh: values.fresh,
    inCluster: values['in-cluster'],
  };
  if (options.inCluster) {
    if (values.port === undefined) return options;
    throw new Error('--port has no meaning with --in-cluster: dashboard and shops answer under --shop-port.');
  }
  if (options.httpPort === options.ingressPort) throw new Error('--port and --shop-port must differ.');
  return options;
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${option} takes a number from 1 to 65535, not "${text}".`);
}

if (import.meta.main) {
  try {
    readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nSee ./start.sh --help\n`);
    process.exitCode = 2;
  }
}
