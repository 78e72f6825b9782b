/** Which running attempts want to hear of a new wish. Hearing late or never only costs time: renewals return it too. */
export class WishBoard {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** @returns a function that ends it */
  listen(storeId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(storeId) ?? new Set();
    this.#listeners.set(storeId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(storeId);
    };
  }

  announce(storeId: string): void {
    for (const listener of this.#listeners.get(storeId) ?? []) listener();
  }
}
