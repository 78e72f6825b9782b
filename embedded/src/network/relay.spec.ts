import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startRelay } from './relay.ts';

describe('a pair of relays over a unix socket', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'urumi-relay-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('carries both directions, and the end of one before the answer of the other', async () => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      void text(socket).then((asked) => socket.end(`you said ${asked}`));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const path = join(dir, 'x.sock');
    const inner = await startRelay({ path }, { host: '127.0.0.1', port });
    const outer = await startRelay({ host: '127.0.0.1', port: 0 }, { path });

    const socket = net.connect({ ...(outer.address as { host: string; port: number }), allowHalfOpen: true });
    socket.end('hello');
    expect(await text(socket)).toBe('you said hello');

    await Promise.all([outer.close(), inner.close()]);
    server.close();
  });

  it('ends a connection whose target does not answer, and goes on', async () => {
    const relay = await startRelay({ host: '127.0.0.1', port: 0 }, { path: join(dir, 'nobody.sock') });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const socket = net.connect(relay.address as { host: string; port: number });
      socket.on('error', () => undefined); // a reset is one of the two ways in which it may end
      await once(socket, 'close');
    }
    await relay.close();
  });
});
