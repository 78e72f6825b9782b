/** A cut that is not made would let every scenario pass. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

describe('a TCP proxy', () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  let proxy: TcpProxy;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await TcpProxy.start((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await proxy.close();
    server.close();
  });

  const dial = () => {
    const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
    const errors: string[] = [];
    socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
    // `once` of Node would reject with the error that is looked for here.
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return { socket, errors, ended };
  };

  it('passes both directions and the end of one', async () => {
    const { socket } = dial();
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
  });

  it('is silent for old and new connections, and delivers late', async () => {
    const old = dial().socket;
    old.write('a');
    await once(old, 'data');
    await proxy.cut('silent');
    const { socket } = dial();
    const late = text(socket);
    const rest = text(old);
    socket.end('b');
    old.end('c');
    const nobody = await Promise.race([late, rest, sleep(300, 'nothing')]);
    expect(nobody).toBe('nothing');
    await proxy.restore();
    expect(await Promise.all([late, rest])).toEqual(['b', 'c']);
  });

  it('refuses, and is back at the same port', async () => {
    const { socket, errors, ended } = dial();
    await once(socket, 'connect');
    socket.write('a');
    await once(socket, 'data');
    await proxy.cut('refused');
    await ended;
    expect(errors).toEqual(['ECONNRESET']);
    const later = dial();
    await later.ended;
    expect(later.errors).toEqual(['ECONNREFUSED']);
    await proxy.restore();
    const { socket: back } = dial();
    back.end('again');
    expect(await text(back)).toBe('again');
  });

  it('leads elsewhere once the open connections are reset', async () => {
    const other = createServer((socket) => socket.end('other')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { socket, errors, ended } = dial();
    socket.write('a');
    await once(socket, 'data');
    proxy.pointTo((other.address() as AddressInfo).port);
    proxy.reset();
    await ended;
    expect(errors).toEqual(['ECONNRESET']);
    expect(await text(dial().socket)).toBe('other');
    proxy.pointTo((server.address() as AddressInfo).port);
    other.close();
  });

  it('delays each way', async () => {
    proxy.delay(150);
    const since = performance.now();
    const { socket } = dial();
    socket.end('slow');
    expect(await text(socket)).toBe('slow');
    expect(performance.now() - since).toBeGreaterThanOrEqual(290);
    proxy.delay(0);
  });
});
