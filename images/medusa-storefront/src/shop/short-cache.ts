/**
 * A small cache that keeps an answer for seconds and lets callers who ask meanwhile share one call. Failures are shared
 * with those who wait but never kept.
 */
export interface ShortCache<T> {
  get(key: string, load: () => Promise<T>): Promise<T>;
}

export interface ShortCacheOptions {
  readonly ttlMs: number;
  /** Beyond this the entry that was loaded first makes room. */
  readonly entriesMax: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

interface Entry<T> {
  readonly value: Promise<T>;
  /** Infinity while loading. */
  freshUntil: number;
}

export function createShortCache<T>({ ttlMs, entriesMax, now = monotonicMs }: ShortCacheOptions): ShortCache<T> {
  const entries = new Map<string, Entry<T>>();
  return {
    get(key, load) {
      const known = entries.get(key);
      if (known !== undefined && now() < known.freshUntil) return known.value;

      const entry: Entry<T> = { value: load(), freshUntil: Number.POSITIVE_INFINITY };
      entries.delete(key);
      entries.set(key, entry);
      const oldest = entries.keys().next();
      if (entries.size > entriesMax && oldest.done !== true) entries.delete(oldest.value);

      entry.value.then(
        () => {
          entry.freshUntil = now() + ttlMs;
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.value;
    },
  };
}

function monotonicMs(): number {
  return performance.now();
}
