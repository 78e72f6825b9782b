/**
 * Keeps the engine WooCommerce as available as its settings allow, while Urumi runs: checks what is given, has its images
 * made, says the state to everybody who asks, and follows every change of the settings. Existing stores are not touched.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PluginArchiveError, type CheckedPlugin, type PluginSource } from '@urumi/images/plugin-archive';
import { summarize } from '../summarize.ts';
import type { Settings } from './settings.ts';

export interface EngineState {
  readonly available: boolean;
  /** A sentence where it is not. */
  readonly reason: string | null;
  readonly version: string | null;
}

export interface KeeperOptions {
  readonly look: () => Promise<Settings>;
  /** @throws PluginArchiveError */
  readonly check: (source: PluginSource, signal: AbortSignal) => Promise<CheckedPlugin>;
  /** Makes the images and has every new store get them. */
  readonly provide: (plugin: CheckedPlugin, signal: AbortSignal) => Promise<void>;
  readonly publish: (state: EngineState) => Promise<void>;
  /** How to give the archive, for people. */
  readonly instruction: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly pauses?: { readonly pollMs: number; readonly retryMs: number };
}

export interface EngineKeeper {
  /** The state after the first look. */
  readonly first: Promise<EngineState>;
  /** Ends with the signal; never rejects. */
  readonly ended: Promise<void>;
}

const defaultPauses = { pollMs: 2_000, retryMs: 60_000 };
const preparing = 'WooCommerce is being prepared from the archive that was given. The first time takes minutes.';

/** What is under way for one version of the settings. */
interface Work {
  readonly key: string;
  readonly done: Promise<void>;
  stop(): Promise<void>;
  /** Trouble that may pass by itself: another try is due then. */
  retryAt: number;
}

export function keepEngine(options: KeeperOptions): EngineKeeper {
  let ended: Promise<void> = Promise.resolve();
  const first = new Promise<EngineState>((resolve) => {
    // A keeper that is ended before its first look has a state all the same.
    const keeper = new Keeper(options, resolve);
    ended = keeper.run().finally(() => resolve(keeper.state));
  });
  return { first, ended };
}

class Keeper {
  readonly #o: KeeperOptions;
  readonly #onState: (state: EngineState) => void;
  #state: EngineState = { available: false, reason: null, version: null };
  #published: EngineState | null = null;
  #publishing: Promise<void> = Promise.resolve();
  #said = '';

  constructor(options: KeeperOptions, onState: (state: EngineState) => void) {
    this.#o = options;
    this.#onState = onState;
  }

  get state(): EngineState {
    return this.#state;
  }

  async run(): Promise<void> {
    const { signal, look, pauses = defaultPauses } = this.#o;
    let work: Work | null = null;
    while (!signal.aborted) {
      try {
        const settings = await look();
        if (work === null || work.key !== settings.key || performance.now() >= work.retryAt) {
          await work?.stop();
          work = this.#begin(settings, pauses.retryMs);
        }
        await this.#publish();
      } catch (error) {
        if (!signal.aborted) this.#say(`WooCommerce: ${summarize(error)}`);
      }
      await sleep(pauses.pollMs, undefined, { signal }).catch(() => undefined);
    }
    await work?.stop();
  }

  #begin(settings: Settings, retryMs: number): Work {
    const stopping = new AbortController();
    const signal = AbortSignal.any([this.#o.signal, stopping.signal]);
    const work: Work = {
      key: settings.key,
      retryAt: Infinity,
      stop: async () => {
        stopping.abort(new Error('the settings changed'));
        await work.done;
      },
      done: this.#settle(settings, signal).then(async (mayPass) => {
        if (mayPass) work.retryAt = performance.now() + retryMs;
        // The next look repeats what fails here.
        await this.#publish().catch(() => undefined);
      }),
    };
    return work;
  }

  /** @returns whether it ended in trouble that may pass without a change of the settings */
  async #settle(settings: Settings, signal: AbortSignal): Promise<boolean> {
    if (settings.kind === 'none') {
      this.#enterUnavailable(`The archive of the WooCommerce plugin was not given. ${this.#o.instruction}`);
      return false;
    }
    if (settings.kind === 'faulty') {
      this.#enterUnavailable(settings.sentence);
      return false;
    }
    // A newer archive is prepared beside the one that is in use.
    if (!this.#state.available) this.#enterUnavailable(preparing);
    try {
      const plugin = await this.#o.check(settings.source, signal);
      await this.#o.provide(plugin, signal);
      signal.throwIfAborted();
      this.#enter({ available: true, reason: null, version: plugin.version });
      return false;
    } catch (error) {
      if (signal.aborted) return false;
      const isArchive = error instanceof PluginArchiveError;
      this.#enterUnavailable(
        isArchive ? error.message : `The images of WooCommerce could not be made: ${summarize(error)}`,
      );
      return !isArchive || error.code === 'unreachable';
    }
  }

  #enterUnavailable(reason: string): void {
    this.#enter({ available: false, reason, version: null });
  }

  #enter(state: EngineState): void {
    this.#state = state;
    this.#onState(state);
    this.#say(describeState(state));
  }

  /** One after the other, so that the newest state is written last. What fails is repeated with the next look. */
  #publish(): Promise<void> {
    this.#publishing = this.#publishing.catch(() => undefined).then(() => this.#publishNewest());
    return this.#publishing;
  }

  async #publishNewest(): Promise<void> {
    const state = this.#state;
    if (this.#published === state) return;
    await this.#o.publish(state);
    this.#published = state;
  }

  /** The same again is worth no line. */
  #say(line: string): void {
    if (line === this.#said) return;
    this.#said = line;
    this.#o.say(line);
  }
}

/** `WooCommerce available (11.0.1)` */
export function describeState({ available, reason, version }: EngineState): string {
  return available ? `WooCommerce available (${version ?? 'version not known'})` : `WooCommerce unavailable: ${reason}`;
}
