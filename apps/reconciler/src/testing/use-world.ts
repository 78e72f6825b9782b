import { startTestRedis, type TestRedis } from '@urumi/shared/testing/redis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { World } from './world.ts';

/** One Redis for the file that calls this, and for each of its tests an open world on it, which `take` is given before the test. */
export function useWorld(take: (world: World) => void): void {
  let redis: TestRedis;
  let world: World;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    world = new World(redis);
    await world.open();
    take(world);
  });
  afterEach(() => world.close());
}
