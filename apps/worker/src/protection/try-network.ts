/** Tries a connection that the network policies forbid. */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Enforcement } from '@urumi/shared/domain/protection';

/** Policies drop or refuse; a dropped connection is waited for this long, in milliseconds. */
const connectMs = 3_000;

export interface ForbiddenAddress {
  readonly host: string;
  readonly port: number;
}

export function parseForbiddenAddress(text: string): ForbiddenAddress {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
}

/**
 * @param isListening  whether somebody listens there now: a connection to nobody fails on any network
 */
export async function tryNetwork(
  { host, port }: ForbiddenAddress,
  isListening: () => Promise<boolean>,
): Promise<{ readonly enforcement: Enforcement; readonly told: string }> {
  const at = `${host}:${port}`;
  let address: string;
  try {
    ({ address } = await lookup(host));
  } catch (error) {
    return { enforcement: 'unknown', told: `${host} has no address: ${String(error)}` };
  }
  const failure = await tryConnection(address, port);
  if (failure === null) return { enforcement: 'missing', told: `${at} answered, which the network policies forbid` };
  if (await isListening()) return { enforcement: 'enforced', told: `${at} is kept away: ${failure}` };
  return { enforcement: 'unknown', told: `no api listens at ${at} yet` };
}

/** @returns why there was no connection; `null` where there was one */
function tryConnection(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectMs });
    const end = (failure: string | null): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
