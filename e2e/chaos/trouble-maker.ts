/** Does a plan's faults to a simulated platform, one after another, and mends each before the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import { killIfThere, listPids, readOfProcess } from '../support/processes.ts';
import type { SimulatedPlatform } from '../support/simulated-platform.ts';
import type { Environment, SimulatedService } from '../support/simulated-service.ts';
import type { Fault } from './plan.ts';

/** Redis takes this long to read its file again at most; everything else waits for it. */
const redisAwayMostMs = 3_000;

export class TroubleMaker {
  readonly #t: SimulatedPlatform;
  readonly #workerEnv: Environment;
  readonly #done: string[] = [];

  constructor(t: SimulatedPlatform, workerEnv: Environment) {
    this.#t = t;
    this.#workerEnv = workerEnv;
  }

  /** What was done so far, one line each. */
  get done(): readonly string[] {
    return this.#done;
  }

  /** Until `signal`; the fault under way is mended before this returns. */
  async run(faults: Iterable<Fault>, signal: AbortSignal): Promise<void> {
    for (const fault of faults) {
      await sleep(fault.afterMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const line = `${fault.number}: ${fault.kind} for ${fault.lastsMs} ms`;
      process.stdout.write(`  fault ${line}\n`);
      await this.#do(fault);
      this.#done.push(line);
    }
  }

  async #do({ kind, lastsMs, pick }: Fault): Promise<void> {
    const t = this.#t;
    switch (kind) {
      case 'kill worker':
        return this.#away(choose(t.services('worker'), pick), lastsMs);
      case 'kill api':
        return this.#away(choose(t.services('api'), pick), lastsMs);
      case 'kill reconciler':
        return this.#away(choose(t.services('reconciler'), pick), lastsMs);
      case 'freeze worker': {
        const worker = choose(t.services('worker'), pick);
        worker.signal('SIGSTOP');
        await sleep(lastsMs);
        worker.signal('SIGCONT');
        return;
      }
      case 'kill helm': {
        const running = await this.#findHelms();
        const pid = running[Math.floor(pick * running.length)];
        if (pid !== undefined) killIfThere(pid);
        return;
      }
      case 'kill redis':
        await t.redisServer.kill();
        await sleep(Math.min(lastsMs, redisAwayMostMs));
        return t.redisServer.startAgain();
      case 'cut redis':
        return this.#cut('redis', lastsMs, pick);
      case 'cut api server':
        return this.#cut('kubernetes', lastsMs, pick);
    }
  }

  async #away(service: SimulatedService, lastsMs: number): Promise<void> {
    await service.kill();
    await sleep(lastsMs);
    await service.start(service.role === 'worker' ? this.#workerEnv : {});
  }

  /** Everybody's way at once: half of the time connections are refused, half of the time nothing comes through. */
  async #cut(way: 'redis' | 'kubernetes', lastsMs: number, pick: number): Promise<void> {
    const proxies = this.#t.services().map((service) => service[way]);
    await Promise.all(proxies.map((proxy) => proxy.cut(pick < 0.5 ? 'refused' : 'silent')));
    await sleep(lastsMs);
    await Promise.all(proxies.map((proxy) => proxy.restore()));
  }

  /** Helm's processes of this platform: they have its kubeconfig in their environment. */
  async #findHelms(): Promise<number[]> {
    const found: number[] = [];
    for (const pid of await listPids()) {
      const [program, environment] = [readOfProcess(pid, 'cmdline'), readOfProcess(pid, 'environ')];
      const isHelm = program.split('\0')[0]?.endsWith('/helm') === true;
      if (isHelm && environment.includes(`KUBECONFIG=${this.#t.places.state}/`)) found.push(pid);
    }
    return found;
  }
}

function choose<T>(list: readonly T[], pick: number): T {
  const found = list[Math.floor(pick * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
