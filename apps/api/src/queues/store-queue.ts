/** Injection token and type of the store queue. */
import type { openStoreQueue } from '@urumi/shared/server/queue/doorbell';

export const storeQueue = Symbol('StoreQueue');
export type StoreQueue = ReturnType<typeof openStoreQueue>;
