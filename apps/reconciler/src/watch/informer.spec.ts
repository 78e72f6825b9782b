import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer } from '../testing/fake-api-server.ts';
import { rawPod } from '../testing/objects.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { ApiClient } from './api-client.ts';
import type { PodFacts } from './facts.ts';
import { Informer } from './informer.ts';
import { pods } from './kinds.ts';

const id = 'abcd1234';
const namespace = `store-${id}`;

describe('an informer', () => {
  let server: FakeApiServer;
  let stopping: AbortController;
  let changes: string[];
  let states: string[];
  let corrections: number[];
  let running: Promise<void>;

  beforeEach(async () => {
    server = new FakeApiServer();
    await server.start();
    stopping = new AbortController();
    [changes, states, corrections] = [[], [], []];
  });
  afterEach(async () => {
    stopping.abort();
    await running;
    await server.stop();
  });

  function start(relistMs = 60_000): Informer<PodFacts> {
    const access = { server: new URL(server.url), tls: { rejectUnauthorized: true }, token: null };
    const client = new ApiClient(async () => access);
    const informer = new Informer({
      client,
      kind: pods,
      relistMs,
      signal: stopping.signal,
      onChange: (storeId) => changes.push(storeId),
      onState: (state) => states.push(state),
      onCorrection: (count) => corrections.push(count),
    });
    running = informer.run();
    return informer;
  }
  const names = (informer: Informer<PodFacts>) =>
    informer
      .list(namespace)
      .map(({ name }) => name)
      .toSorted();
  const isWatched = () =>
    waitUntil(
      () => server.watchCount,
      (count) => count === 1,
      { what: 'one watch' },
    );

  it('knows what is there and what comes and goes', async () => {
    server.put('pods', rawPod(id, 'server', 'a'));
    const informer = start();
    await isWatched();
    server.put('pods', rawPod(id, 'server', 'b'));
    server.delete('pods', 'a', namespace);
    await waitUntil(
      () => names(informer),
      (found) => found.join() === 'b',
    );
    expect(changes).toEqual([id, id, id]);
    expect(informer).toMatchObject({ isSynced: true, state: 'following' });
  });

  it('lists in pages', async () => {
    for (let index = 0; index < 1_201; index += 1) server.put('pods', rawPod(id, 'server', `pod-${index}`));
    const informer = start();
    await waitUntil(
      () => names(informer).length,
      (count) => count === 1_201,
    );
    expect(server.requests.filter((request) => request.includes('limit=500'))).toHaveLength(3);
  });

  it.each(['close', 'reset', 'too-old'] as const)(
    'goes on after its watch ends by %s, and misses nothing',
    async (how) => {
      server.put('pods', rawPod(id, 'server', 'a'));
      const informer = start();
      await isWatched();
      server.breakWatches(how);
      server.put('pods', rawPod(id, 'server', 'b'));
      server.delete('pods', 'a', namespace);
      // A deletion during the gap is seen by a new list; the real server also replays it to a watch from an older version.
      if (how !== 'too-old') server.breakWatches('too-old');
      await waitUntil(
        () => names(informer),
        (found) => found.join() === 'b',
      );
      expect(informer.state).toBe('following');
    },
  );

  it('says that it is cut off, keeps its facts, and follows again when the server is back', async () => {
    server.put('pods', rawPod(id, 'server', 'a'));
    const informer = start();
    await isWatched();
    server.refuseWith = 503;
    server.breakWatches('reset');
    await waitUntil(
      () => informer.state,
      (state) => state === 'cut-off',
    );
    expect(names(informer)).toEqual(['a']);
    server.refuseWith = null;
    await waitUntil(
      () => informer.state,
      (state) => state === 'following',
    );
    expect(states).toEqual(['following', 'cut-off', 'following']);
  });

  it('waits quietly for a server that is not there yet', async () => {
    server.refuseWith = 503;
    server.put('pods', rawPod(id, 'server', 'a'));
    const informer = start();
    await waitUntil(
      () => server.requests.length,
      (count) => count >= 3,
    );
    expect(states).toEqual(['cut-off']);
    server.refuseWith = null;
    await waitUntil(
      () => names(informer),
      (found) => found.join() === 'a',
    );
  });

  it('corrects by a new list what no watch told', async () => {
    const informer = start(1_000);
    await isWatched();
    server.putSilently('pods', rawPod(id, 'server', 'silent'));
    await waitUntil(
      () => names(informer),
      (found) => found.join() === 'silent',
    );
    expect(corrections.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(changes).toEqual([id]);
  });

  it('ends at once when told to', async () => {
    start();
    await isWatched();
    stopping.abort();
    await running;
    expect(states).toEqual(['following']);
  });
});
