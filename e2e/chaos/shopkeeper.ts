/** Lives the stories of a chaos run against an api that comes and goes: every request is repeated until it is answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { toJson, type Answer } from '../support/http.ts';
import type { StoreView } from '../support/platform.ts';
import { NotYet, waitFor } from '../support/wait.ts';
import type { Cycle } from './plan.ts';

/** Every wait of a story. Faults may make it slow; only a store that nobody works on any more takes this long. */
const longestMs = 300_000;

export interface Shop {
  readonly cycle: Cycle;
  readonly id: string;
}

export interface Clients {
  /** One call as the owner of that number. */
  call(owner: number, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** @returns the store where the story leaves it alive, `null` where it was deleted */
export async function live(clients: Clients, cycle: Cycle): Promise<Shop | null> {
  const { number, owner, engine, story, lingerMs } = cycle;
  const name = `Chaos ${number}`;
  const insist = (method: string, path: string, body?: unknown, key = ''): Promise<StoreView> =>
    waitFor({ what: `${method} ${path} of cycle ${number} (${story})`, timeoutMs: longestMs }, async () => {
      const headers: Record<string, string> = path === '/api/stores' ? { 'idempotency-key': `${name} ${key}` } : {};
      const answer = await clients.call(owner, method, path, body, headers).catch((error: unknown) => String(error));
      if (typeof answer === 'string') return new NotYet(answer);
      return answer.status === 202 ? toJson<StoreView>(answer, 202) : new NotYet(`${answer.status} ${answer.body}`);
    });
  const until = (id: string, what: string, holds: (store: StoreView) => boolean): Promise<StoreView> => {
    // An api that is away at the last look says nothing about the store: what was told of it last is what explains.
    let told = 'nothing';
    return waitFor(
      { what: `store ${id} of cycle ${number} (${story}) to be ${what}`, timeoutMs: longestMs },
      async () => {
        const answer = await clients.call(owner, 'GET', `/api/stores/${id}`).catch((error: unknown) => String(error));
        if (typeof answer === 'string') return new NotYet(`${answer}, before it ${told}`);
        if (answer.status !== 200) return new NotYet(`${answer.status} ${answer.body}, before it ${told}`);
        const store = toJson<StoreView>(answer, 200);
        told = `${new Date().toISOString()} ${JSON.stringify(store)}`;
        return holds(store) ? store : new NotYet(told);
      },
    );
  };
  const create = (key = '') => insist('POST', '/api/stores', { name, engine }, key);
  const ready = (id: string) => until(id, 'ready', isReady);
  const remove = async (id: string): Promise<null> => {
    await insist('DELETE', `/api/stores/${id}`);
    await until(id, 'deleted', ({ status }) => status.value === 'deleted');
    return null;
  };

  const { id } = await create();
  switch (story) {
    case 'stay':
      await ready(id);
      return { cycle, id };
    case 'live':
      await ready(id);
      return remove(id);
    case 'delete-early':
      await sleep(lingerMs);
      return remove(id);
    case 'cancel': {
      await sleep(lingerMs);
      await cancel(id);
      const { status } = await until(id, 'settled', (store) => store.status.settled);
      if (status.value === 'failed') await insist('POST', `/api/stores/${id}/retry`);
      await ready(id);
      return remove(id);
    }
    case 'change': {
      await ready(id);
      const host = `chaos-${number}`;
      await insist('PATCH', `/api/stores/${id}`, { plan: 'M', host });
      await until(id, `ready at ${host}`, (store) => isReady(store) && store.host.startsWith(`${host}.`));
      return remove(id);
    }
    case 'name-again': {
      await sleep(lingerMs);
      await insist('DELETE', `/api/stores/${id}`);
      // Refused until the first is gone, then another store of the same name.
      const second = await create('again');
      await until(id, 'deleted', ({ status }) => status.value === 'deleted');
      return remove(second.id);
    }
  }

  /** A store that came up meanwhile has nothing left to cancel. */
  function cancel(store: string): Promise<true> {
    return waitFor({ what: `POST cancel of cycle ${number}`, timeoutMs: longestMs }, async () => {
      const answer = await clients
        .call(owner, 'POST', `/api/stores/${store}/cancel`)
        .catch((error: unknown) => String(error));
      if (typeof answer === 'string') return new NotYet(answer);
      return answer.status === 202 || answer.status === 409 ? true : new NotYet(`${answer.status} ${answer.body}`);
    });
  }
}

function isReady({ status }: StoreView): boolean {
  return status.value === 'ready' && status.settled;
}
