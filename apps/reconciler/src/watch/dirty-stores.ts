/**
 * Which stores to look at, and when: marks from watches, wishes, timers and sweeps become one look at a time per store,
 * a bounded number at once. What happens in a look is not known here.
 */

/** Milliseconds until this store should be looked at again without a mark, or `null` to forget it. */
export type NextLook = number | null;

/** Why a look was asked for. A change that nothing but a pass found was missed by the watches. */
export type Cause = 'watch' | 'wish' | 'timer' | 'pass';

export interface DirtyStoresOptions {
  readonly concurrency: number;
  /** Marks within this time become one look. */
  readonly gatherMs: number;
  /** After a failed look, the next one comes so much later. */
  readonly retryMs: number;
  readonly look: (storeId: string, causes: ReadonlySet<Cause>) => Promise<NextLook>;
  readonly onError: (storeId: string, error: unknown) => void;
}

interface Entry {
  state: 'resting' | 'gathering' | 'waiting' | 'looking';
  /** Marks that the next look answers; those that come during a look ask for another, for what it saw may be old. */
  causes: Set<Cause>;
  timer: NodeJS.Timeout | undefined;
  /** Callers that wait for a look which began after they asked. */
  waiters: ((looked: boolean) => void)[];
}

export class DirtyStores {
  readonly #options: DirtyStoresOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #waiting: string[] = [];
  #looking = 0;
  #isClosed = false;
  #onIdle: (() => void) | null = null;

  constructor(options: DirtyStoresOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Asks for a look soon. Any number of marks before it begins make one look. */
  mark(storeId: string, cause: Cause): void {
    if (this.#isClosed) return;
    const entry = this.#entries.get(storeId) ?? this.#add(storeId);
    entry.causes.add(cause);
    if (entry.state === 'resting') this.#gather(storeId, entry);
  }

  /** Asks for a look at each of these. @returns how many succeeded, once every look has ended */
  async lookAt(storeIds: readonly string[], cause: Cause): Promise<number> {
    const looks = storeIds.map(
      (storeId) =>
        new Promise<boolean>((resolve) => {
          if (this.#isClosed) return resolve(false);
          this.mark(storeId, cause);
          this.#entries.get(storeId)?.waiters.push(resolve);
        }),
    );
    return (await Promise.all(looks)).filter(Boolean).length;
  }

  /** Ends all timers and waits for running looks. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const entry of this.#entries.values()) {
      clearTimeout(entry.timer);
      for (const resolve of entry.waiters) resolve(false);
    }
    if (this.#looking > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#entries.clear();
  }

  #add(storeId: string): Entry {
    const entry: Entry = { state: 'resting', causes: new Set(), timer: undefined, waiters: [] };
    this.#entries.set(storeId, entry);
    return entry;
  }

  #gather(storeId: string, entry: Entry): void {
    clearTimeout(entry.timer);
    entry.state = 'gathering';
    entry.timer = setTimeout(() => {
      entry.state = 'waiting';
      this.#waiting.push(storeId);
      this.#startLooks();
    }, this.#options.gatherMs);
  }

  #startLooks(): void {
    while (this.#looking < this.#options.concurrency) {
      const storeId = this.#waiting.shift();
      if (storeId === undefined) return;
      const entry = this.#entries.get(storeId);
      if (entry) void this.#look(storeId, entry);
    }
  }

  async #look(storeId: string, entry: Entry): Promise<void> {
    this.#looking += 1;
    entry.state = 'looking';
    const { causes, waiters } = entry;
    entry.causes = new Set();
    entry.waiters = [];
    let next: NextLook = this.#options.retryMs;
    let succeeded = false;
    try {
      next = await this.#options.look(storeId, causes);
      succeeded = true;
    } catch (error) {
      this.#options.onError(storeId, error);
    }
    for (const resolve of waiters) resolve(succeeded);
    this.#looking -= 1;
    this.#rest(storeId, entry, next);
    this.#startLooks();
    if (this.#looking === 0) this.#onIdle?.();
  }

  #rest(storeId: string, entry: Entry, next: NextLook): void {
    entry.state = 'resting';
    if (this.#isClosed) {
      for (const resolve of entry.waiters) resolve(false);
      return;
    }
    if (entry.causes.size > 0) {
      this.#gather(storeId, entry);
    } else if (next === null) {
      this.#entries.delete(storeId);
    } else {
      entry.timer = setTimeout(() => this.mark(storeId, 'timer'), next);
    }
  }
}
