/** The platform's Redis as a process that a test ends and starts again on the same data, behind every service's own proxy. */
import type { Places } from '@urumi/scripts/launcher/places';
import { startRedis, type RunningRedis } from '@urumi/scripts/launcher/redis-server';
import { TcpProxy } from '@urumi/shared/testing/tcp-proxy';

export class SimulatedRedis {
  /** Holds the append-only file; change it only while the server is stopped. */
  readonly folder: string;
  readonly #places: Places;
  readonly #proxies: TcpProxy[] = [];
  #running: RunningRedis;

  private constructor(places: Places, running: RunningRedis) {
    this.#places = places;
    this.#running = running;
    this.folder = places.redisFolder;
  }

  static async start(places: Places): Promise<SimulatedRedis> {
    return new SimulatedRedis(places, await startRedis(places));
  }

  /** A way to the server that stays over its restarts. @returns the proxy and the address with the password */
  async openWay(): Promise<{ proxy: TcpProxy; url: string }> {
    const proxy = await TcpProxy.start(this.#port());
    this.#proxies.push(proxy);
    const url = new URL(this.#running.url);
    url.port = String(proxy.port);
    return { proxy, url: url.toString().replace(/\/$/, '') };
  }

  pid(): number | null {
    return this.#running.child.isRunning() ? this.#running.child.pid : null;
  }

  /** SIGSTOP and SIGCONT freeze and thaw it. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.#running.child.pid, signal);
  }

  /** By SIGKILL, as a crash; returns when it has ended. */
  async kill(): Promise<void> {
    if (!this.#running.child.isRunning()) return;
    this.signal('SIGKILL');
    await this.#running.child.ended;
  }

  /** In order. */
  async stop(): Promise<void> {
    await this.#running.child.stop();
  }

  /** On the same folder, after {@link kill} or {@link stop}. @throws Error where it does not answer within 30 s */
  async startAgain(): Promise<void> {
    if (this.#running.child.isRunning()) throw new Error('Redis still runs');
    this.#running = await startRedis(this.#places);
    for (const proxy of this.#proxies) proxy.pointTo(this.#port());
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }

  #port(): number {
    return Number(new URL(this.#running.url).port);
  }
}
