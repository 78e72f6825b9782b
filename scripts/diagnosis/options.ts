/** What a person may choose on the command line of `scripts/doctor`. */
import { parseArgs } from 'node:util';

export const usage = `Usage: scripts/doctor [--namespace NAME] [--release NAME] [--kubeconfig FILE] [--context NAME] [--json]

Prints the state of an installation of Urumi in a cluster: a line per check (ok, WARN, FAULT, or ? where it cannot be told) and a
remedy for each that is not in order. It uses your own kubectl and its credentials, changes nothing, and prints no secret.

  --namespace NAME    where Urumi is installed (urumi-system)
  --release NAME      name of its helm release (urumi)
  --kubeconfig FILE   as kubectl takes it
  --context NAME      as kubectl takes it
  --json              the same, for programs
  --help              show this text

Exit: 0 where nothing is a FAULT, 1 otherwise, 2 for wrong use.`;

export interface Options {
  readonly namespace: string;
  readonly release: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** Also keeps a name from being taken for an option by kubectl. */
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws Error with a sentence for the person */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      namespace: { type: 'string', short: 'n', default: 'urumi-system' },
      release: { type: 'string', default: 'urumi' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  for (const name of ['namespace', 'release'] as const) {
    if (!dnsLabel.test(values[name])) throw new Error(`--${name} takes a name of Kubernetes, not "${values[name]}".`);
  }
  for (const name of ['kubeconfig', 'context'] as const) {
    if (values[name] === '') throw new Error(`--${name} needs a value.`);
  }
  return { ...values, kubeconfig: values.kubeconfig, context: values.context };
}
