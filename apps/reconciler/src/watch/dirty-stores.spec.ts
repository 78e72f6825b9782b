import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../testing/wait-until.ts';
import { DirtyStores, type Cause, type NextLook } from './dirty-stores.ts';

describe('marked stores', () => {
  let stores: DirtyStores;
  const looks: { id: string; causes: Cause[] }[] = [];
  const errors: unknown[] = [];
  afterEach(async () => {
    await stores.close();
    looks.length = 0;
    errors.length = 0;
  });

  function open(look: (id: string) => Promise<NextLook>, concurrency = 2): DirtyStores {
    stores = new DirtyStores({
      concurrency,
      gatherMs: 5,
      retryMs: 20,
      look: (id, causes) => {
        looks.push({ id, causes: [...causes] });
        return look(id);
      },
      onError: (_id, error) => errors.push(error),
    });
    return stores;
  }
  const settled = (count: number) =>
    waitUntil(
      () => looks.length,
      (seen) => seen >= count,
    );

  it('are looked at once for many marks, with all their causes', async () => {
    open(async () => null);
    for (const cause of ['watch', 'watch', 'wish'] as const) stores.mark('a', cause);
    await stores.lookAt(['a'], 'pass');
    expect(looks).toEqual([{ id: 'a', causes: ['watch', 'wish', 'pass'] }]);
  });

  it('are looked at again for a mark that came during the look', async () => {
    let release = (): void => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    open(async () => (looks.length === 1 ? first.then(() => null) : null));
    stores.mark('a', 'watch');
    await settled(1);
    stores.mark('a', 'wish');
    release();
    await settled(2);
    expect(looks[1]).toEqual({ id: 'a', causes: ['wish'] });
  });

  it('are never looked at twice at once, and only so many together', async () => {
    const running = new Map<string, number>();
    let [together, most] = [0, 0];
    open(async (id) => {
      running.set(id, (running.get(id) ?? 0) + 1);
      together += 1;
      most = Math.max(most, together);
      expect(running.get(id)).toBe(1);
      stores.mark(id, 'watch');
      await new Promise((resolve) => setTimeout(resolve, 3));
      running.set(id, 0);
      together -= 1;
      return null;
    }, 3);
    for (const id of 'abcdefgh') stores.mark(id, 'watch');
    await settled(40);
    expect(most).toBe(3);
    expect(errors).toEqual([]);
  });

  it('take turns: a restless store does not keep others waiting', async () => {
    open(async (id) => {
      if (id === 'restless') stores.mark(id, 'watch');
      return null;
    }, 1);
    stores.mark('restless', 'watch');
    await settled(3);
    expect(await stores.lookAt(['calm'], 'pass')).toBe(1);
  });

  it('are looked at again by themselves when the look asks for it', async () => {
    open(async () => (looks.length < 3 ? 5 : null));
    stores.mark('a', 'watch');
    await settled(3);
    expect(looks.map(({ causes }) => causes)).toEqual([['watch'], ['timer'], ['timer']]);
    await waitUntil(
      () => stores.size,
      (size) => size === 0,
    );
  });

  it('are tried again after a failed look, and the caller is told', async () => {
    open(async () => {
      if (looks.length === 1) throw new Error('no contact');
      return null;
    });
    expect(await stores.lookAt(['a', 'b'], 'pass')).toBe(1);
    await settled(3);
    expect(errors).toHaveLength(1);
  });

  it('answer those who wait when they are closed', async () => {
    open(async () => null);
    const waiting = stores.lookAt(['a', 'b'], 'pass');
    await stores.close();
    expect(await waiting).toBe(0);
    expect(await stores.lookAt(['c'], 'pass')).toBe(0);
    expect(looks).toEqual([]);
  });
});
