/**
 * Keeps a current copy of one kind of object: list, watch, and list again after anything went wrong.
 * It never gives up; the caller sees only whole, newer pictures.
 */
import { messageOf, sleep } from '../base/wait.ts';
import type { KubeClient, WatchEvent } from './client.ts';
import { ApiError } from './client.ts';
import type { KubeObject } from './objects.ts';

const WATCH_SECONDS = 300;
const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 3_000;

interface Following<T extends KubeObject> {
  client: KubeClient;
  /** The list's path, such as `/api/v1/persistentvolumes`. */
  path: string;
  /** Called after every change with all objects by uid. */
  onChange: (objects: ReadonlyMap<string, T>) => void;
  onTrouble: (message: string) => void;
  signal: AbortSignal;
}

/** Follows until `signal` aborts. */
export async function follow<T extends KubeObject>(input: Following<T>): Promise<void> {
  let retryMs = RETRY_FIRST_MS;
  while (!input.signal.aborted) {
    try {
      await listAndWatch(input, () => {
        retryMs = RETRY_FIRST_MS;
      });
    } catch (error) {
      if (input.signal.aborted) return;
      input.onTrouble(`${input.path}: ${messageOf(error)}`);
      await sleep(retryMs, input.signal).catch(() => undefined); // aborted: the loop's condition ends it
      retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
    }
  }
}

async function listAndWatch<T extends KubeObject>(input: Following<T>, onHealthy: () => void): Promise<void> {
  const { client, path, signal } = input;
  const list = (await client.request('GET', path, { signal })) as {
    metadata: { resourceVersion: string };
    items: T[] | null;
  };
  const objects = new Map((list.items ?? []).map((item) => [item.metadata.uid ?? '', item]));
  let version = list.metadata.resourceVersion;
  onHealthy();
  input.onChange(objects);

  while (!signal.aborted) {
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${version}`;
    await client.watch(
      `${path}?${query}`,
      (event) => {
        if (event.type === 'ERROR') throw new ApiError(event.object.code ?? 0, event.object.message ?? 'watch error');
        version = event.object.metadata.resourceVersion ?? version;
        if (event.type === 'BOOKMARK') return;
        keep(objects, event);
        input.onChange(objects);
      },
      signal,
    );
  }
}

function keep<T extends KubeObject>(objects: Map<string, T>, event: WatchEvent): void {
  const uid = event.object.metadata.uid ?? '';
  if (event.type === 'DELETED') objects.delete(uid);
  // The path decides the kind: what a watch of this path sends is a T.
  else objects.set(uid, event.object as unknown as T);
}
