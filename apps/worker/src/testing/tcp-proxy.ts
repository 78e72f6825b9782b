/** A TCP proxy on loopback for tests that cut a connection. What is on its way in a silent cut arrives after it. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** `silent`: nothing passes and nobody is told. `reset`: connections end, and new ones are refused. */
export type Cut = 'silent' | 'reset';

export interface TcpProxy {
  readonly port: number;
  /** Lets nothing pass for so long. */
  cut(how: Cut, ms: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let refuses = false;
  let holds = false;
  const server = createServer((near) => {
    if (refuses) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
    if (holds) pair.forEach((socket) => socket.pause());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');

  return {
    port: address.port,

    async cut(how, ms) {
      if (how === 'reset') {
        refuses = true;
        for (const pair of pairs) pair.forEach((socket) => socket.resetAndDestroy());
        await sleep(ms);
        refuses = false;
        return;
      }
      holds = true;
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
      await sleep(ms);
      holds = false;
      for (const [near, far] of pairs) {
        near.pipe(far);
        far.pipe(near);
      }
    },

    async stop() {
      for (const pair of pairs) pair.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
