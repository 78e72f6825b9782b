/** Waits until an installed Urumi takes stores: its pods are ready before it has read the cluster's namespaces. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const meSchema = z.object({ cluster: z.object({ ready: z.boolean(), label: z.string() }) });
const patienceMs = 120_000;
const askTimeoutMs = 5_000;

export interface Address {
  /** Of the ingress on loopback; Node does not resolve `*.localhost`, so the host is said beside it. */
  readonly port: number;
  readonly host: string;
  readonly token: string;
}

/** @throws Error with what was answered last, the abort reason */
export async function awaitOpen(address: Address, signal: AbortSignal): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask(address).catch((error: unknown) => String(error));
    if (answer === true) return;
    if (performance.now() > until) throw new Error(`Urumi does not take stores: ${answer}`);
    await sleep(250, undefined, { signal });
  }
}

/** @returns true, or what is in the way */
async function ask({ port, host, token }: Address): Promise<true | string> {
  const body = await new Promise<string>((resolve, reject) => {
    const headers = { host: `${host}:${port}`, authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(askTimeoutMs);
    const outgoing = request({ host: '127.0.0.1', port, path: '/api/me', headers, signal }, (incoming) => {
      text(incoming).then(resolve, reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
  const me = meSchema.safeParse(JSON.parse(body));
  if (!me.success) return body.slice(0, 300);
  return me.data.cluster.ready || me.data.cluster.label;
}
