/** A way on loopback between two processes that a test can cut, open again, slow down, reset and lead elsewhere. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * - `open`: bytes pass
 * - `silent`: nothing passes and nobody is told, as when packets are lost; what was sent meanwhile arrives afterwards
 * - `refused`: open connections are reset, new ones refused
 */
type Mode = 'open' | 'silent' | 'refused';
export type Cut = Exclude<Mode, 'open'>;

interface Pair {
  readonly from: Socket;
  readonly to: Socket;
}

export class TcpProxy {
  /** Where clients connect, on loopback; stays the same for the proxy's life. */
  readonly port: number;
  #server: Server;
  #target: number;
  #mode: Mode = 'open';
  #latencyMs = 0;
  readonly #pairs = new Set<Pair>();
  /** Accepted in silence, not yet passed on. */
  readonly #held = new Set<Socket>();

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** @param target  port on loopback */
  static async start(target: number): Promise<TcpProxy> {
    return new TcpProxy(await listen(0), target);
  }

  /** New connections go to this port of loopback; open ones stay where they are. */
  pointTo(target: number): void {
    this.#target = target;
  }

  /** Until {@link restore}. */
  async cut(mode: Cut = 'silent'): Promise<void> {
    if (this.#mode === 'refused') await this.restore();
    this.#mode = mode;
    if (mode === 'silent') {
      for (const { from, to } of this.#pairs) {
        from.pause();
        to.pause();
      }
      return;
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.reset();
    await closed;
  }

  async restore(): Promise<void> {
    const before = this.#mode;
    this.#mode = 'open';
    if (before === 'refused') {
      this.#server = await listen(this.port);
      this.#server.on('connection', (socket) => this.#accept(socket));
    }
    for (const { from, to } of this.#pairs) {
      from.resume();
      to.resume();
    }
    for (const socket of this.#held) this.#pass(socket);
    this.#held.clear();
  }

  /** Delays each piece of data by this long in each direction; 0 takes the delay away. */
  delay(latencyMs: number): void {
    this.#latencyMs = latencyMs;
  }

  /** Ends the open connections by a reset; new ones pass as before. */
  reset(): void {
    for (const socket of this.#held) socket.resetAndDestroy();
    for (const { from, to } of this.#pairs) {
      from.resetAndDestroy();
      to.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.reset();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => undefined); // its other side ends with it, see below
    if (this.#mode !== 'silent') return this.#pass(socket);
    socket.pause();
    this.#held.add(socket);
    socket.once('close', () => this.#held.delete(socket));
  }

  #pass(from: Socket): void {
    const to = connect({ host: '127.0.0.1', port: this.#target, noDelay: true });
    from.setNoDelay(true);
    const pair = { from, to };
    this.#pairs.add(pair);
    this.#forward(from, to);
    this.#forward(to, from);
    to.on('error', () => from.resetAndDestroy());
    for (const socket of [from, to]) socket.once('close', () => this.#pairs.delete(pair));
    // A listener for data does not wake a socket that was put to sleep while it was held.
    from.resume();
  }

  #forward(source: Socket, target: Socket): void {
    const later = (act: () => void): void => {
      if (this.#latencyMs === 0) act();
      // Timers of one length fire in their order: pieces do not overtake each other.
      else setTimeout(act, this.#latencyMs);
    };
    source.on('data', (piece) =>
      later(() => {
        if (target.destroyed) return;
        if (target.write(piece) || this.#latencyMs > 0) return;
        source.pause();
        target.once('drain', () => {
          if (this.#mode === 'open') source.resume();
        });
      }),
    );
    source.once('end', () => later(() => target.end()));
    source.once('close', () => later(() => target.destroy()));
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
