/** Tells running attempts about a new wish at once. Lossy on purpose: each lease renewal returns the newest wish too. */
import type { Redis } from 'ioredis';
import { withinDeadline } from '../redis/connection.ts';
import { keys } from '../store/keys.ts';

/** @throws DomainError `redis.unavailable` */
export async function publishWish(redis: Redis, storeId: string): Promise<void> {
  await withinDeadline(redis.publish(keys.wishes, storeId), 800);
}

/**
 * @param redis  a blocking connection of its own: a subscriber can send nothing else
 * @returns a function that ends the subscription (the connection stays the caller's)
 */
export async function subscribeWishes(redis: Redis, onWish: (storeId: string) => void): Promise<() => Promise<void>> {
  const listener = (channel: string, message: string): void => {
    if (channel === keys.wishes) onWish(message);
  };
  redis.on('message', listener);
  await redis.subscribe(keys.wishes);
  return async () => {
    redis.off('message', listener);
    await redis.unsubscribe(keys.wishes);
  };
}
