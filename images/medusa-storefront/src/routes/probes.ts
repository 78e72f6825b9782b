/** What the cluster asks: is the process alive, does the shop have something to sell. Answered whatever the Host. */
import type { Handler, Route } from '../http/router.ts';
import type { Catalogue } from '../shop/catalogue.ts';
import { textReply } from '../http/reply.ts';

export function probeRoutes(catalogue: Catalogue, isStopping: () => boolean): readonly Route[] {
  const ready: Handler = async () => {
    if (isStopping()) return textReply(503, 'stopping');
    return (await catalogue.isReady()) ? textReply(200, 'ready') : textReply(503, 'no products from the backend');
  };
  return [
    { method: 'GET', pattern: '/healthz', handle: () => textReply(200, 'ok') },
    { method: 'GET', pattern: '/readyz', handle: ready },
  ];
}
