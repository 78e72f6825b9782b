/** What the cluster asks: is the process alive, does the shop have something to sell. Answered whatever the Host. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler, Route } from '../http/router.ts';
import type { Catalogue } from '../shop/catalogue.ts';
import { textReply } from '../http/reply.ts';

/** Longest wait of `/readyz?wait`, under the start-up probe's own patience. */
const waitMs = 25_000;
const pollMs = 100;

export function probeRoutes(catalogue: Catalogue, isStopping: () => boolean): readonly Route[] {
  const ready: Handler = async ({ query }) => {
    // A probe that waits here learns of the open shop in that moment, not a second later.
    const until = performance.now() + (query.has('wait') ? waitMs : 0);
    while (performance.now() < until && !isStopping() && !(await catalogue.isReady())) await sleep(pollMs);
    if (isStopping()) return textReply(503, 'stopping');
    return (await catalogue.isReady()) ? textReply(200, 'ready') : textReply(503, 'no products from the backend');
  };
  return [
    { method: 'GET', pattern: '/healthz', handle: () => textReply(200, 'ok') },
    { method: 'GET', pattern: '/readyz', handle: ready },
  ];
}
