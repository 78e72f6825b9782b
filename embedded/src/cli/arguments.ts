/** The command line of `embedded`, parsed. Pure. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { NODE_KINDS, type NodeKind, OptionError } from '../cluster/options.ts';
import type { UpRequest } from '../cluster/up.ts';

export type Command =
  | { kind: 'help' }
  | { kind: 'build'; linkDir: string | null }
  | { kind: 'up'; request: UpRequest }
  | { kind: 'down' | 'kubeconfig' | 'sweep'; request: UpRequest }
  | { kind: 'status'; request: UpRequest; isJson: boolean }
  | { kind: 'load-image'; request: UpRequest; tars: string[] }
  | { kind: 'logs'; request: UpRequest; component: string; isFollowed: boolean };

export const USAGE = `embedded: a Kubernetes cluster on this machine, without Docker

  embedded up [--fresh]         start it, or do nothing when it runs
  embedded down                 stop it; the state of a durable cluster stays
  embedded status [--json]
  embedded kubeconfig           print the path of the administrator's kubeconfig
  embedded load-image TAR...    bring docker archives into its container runtime
  embedded logs COMPONENT [-f]  end of a component's log (supervisor, kubelet, traefik, ...)
  embedded build [--link DIR]   build its programs into the cache, nothing else; DIR gets them by plain name
  embedded sweep                clear what a killed run left behind

  --name N          which cluster (1 to 20 of a-z, 0-9, "-"; default: local)
  --state DIR       its state folder (default: in the user's state folder)
  --nodes KIND      real (containers, the default), simulated (pods only pretend to run; no ingress) or mixed (both)
  --tmpfs           keep everything in memory and forget it on "down"
  --api-port P      port of the API on loopback (default 6443, 0: a free one)
  --ingress-port P  port of the ingress on loopback (default 8080, 0: a free one)
`;

/** @throws OptionError with a sentence for the person */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = readOptions(argv);
  const [kind, ...rest] = positionals;
  if (values.help === true || kind === undefined || kind === 'help') return { kind: 'help' };
  const request: UpRequest = {
    name: values.name ?? 'local',
    storage: values.tmpfs === true ? 'memory' : 'durable',
    nodes: nodesOf(values.nodes),
    stateDir: values.state,
    apiPort: portOf('--api-port', values['api-port']),
    ingressPort: portOf('--ingress-port', values['ingress-port']),
    fresh: values.fresh,
  };
  switch (kind) {
    case 'build':
      return { kind, linkDir: values.link === undefined ? null : resolve(values.link) };
    case 'up':
    case 'down':
    case 'kubeconfig':
    case 'sweep':
      return { kind, request };
    case 'status':
      return { kind, request, isJson: values.json === true };
    case 'load-image':
      if (rest.length === 0) throw new OptionError('load-image: which archive?');
      return { kind, request, tars: rest };
    case 'logs': {
      const [component] = rest;
      if (component === undefined) throw new OptionError('logs: of which component? "embedded status" lists them');
      if (!/^[a-z-]+$/.test(component)) throw new OptionError(`logs: no component is called "${component}"`);
      return { kind, request, component, isFollowed: values.follow === true };
    }
    default:
      throw new OptionError(`there is no command "${kind}"; see embedded --help`);
  }
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        state: { type: 'string' },
        tmpfs: { type: 'boolean' },
        nodes: { type: 'string' },
        fresh: { type: 'boolean' },
        link: { type: 'string' },
        'api-port': { type: 'string' },
        'ingress-port': { type: 'string' },
        json: { type: 'boolean' },
        follow: { type: 'boolean', short: 'f' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function nodesOf(text: string | undefined): NodeKind | undefined {
  const kind = NODE_KINDS.find((one) => one === text);
  if (text !== undefined && kind === undefined) throw new OptionError(`--nodes ${text}: use ${NODE_KINDS.join(', ')}`);
  return kind;
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text)) throw new OptionError(`${option} ${text}: a port is a number`);
  return Number(text);
}
