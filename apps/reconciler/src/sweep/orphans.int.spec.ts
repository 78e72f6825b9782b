import { readOrphans } from '@urumi/shared/server/store/orphans';
import { expect, it } from 'vitest';
import { rawNamespace } from '../testing/objects.ts';
import { useWorld } from '../testing/use-world.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { World } from '../testing/world.ts';

let world: World;
useWorld((opened) => {
  world = opened;
});

const kinds = ['namespace', 'record', 'job', 'claim'] as const;
const count = async () => Promise.all(kinds.map((kind) => world.metric('urumi_reconciler_orphans', { kind })));

it('F28: an orphan of each kind is found, counted and remembered since when; none is removed', async () => {
  world.startReconciler({ RESYNC_MS: '200' });
  await world.makeReady('lost1234');
  await world.makeReady('fine1234');
  await waitUntil(count, (counts) => counts.every((each) => each === 0));
  world.cluster.put('namespaces', rawNamespace('bare1234'));
  world.cluster.delete('namespaces', 'store-lost1234');
  await world.redis.hset('urumi:hosts', 'nobody.localhost', 'none1234');
  await world.redis.hset('urumi:names:admin', 'nobody', 'none1234');
  const ring = { generation: 1, intent: 'present', owner: 'admin', traceId: 't' } as const;
  await world.doorbell.ring({ storeId: 'none1234', ...ring }, 'sweep');

  await waitUntil(count, (counts) => counts.join() === '1,1,1,2', { what: 'one of each, and two claims' });
  const { orphans, now } = await readOrphans(world.redis);
  expect(orphans.map(({ kind, name }) => (kind === 'job' ? kind : `${kind} ${name}`)).toSorted()).toEqual([
    'claim urumi:hosts nobody.localhost',
    'claim urumi:names:admin nobody',
    'job',
    'namespace store-bare1234',
    'record lost1234',
  ]);
  const firstSeen = orphans.map(({ firstSeenAt }) => firstSeenAt);
  expect(Math.max(...firstSeen)).toBeLessThanOrEqual(now);

  // Later looks neither forget nor remove, and keep the first time.
  const passes = await world.repository.readLastPass();
  await waitUntil(
    () => world.repository.readLastPass(),
    (at) => (at ?? 0) > (passes ?? 0) + 600,
  );
  expect((await readOrphans(world.redis)).orphans.map(({ firstSeenAt }) => firstSeenAt)).toEqual(firstSeen);
  expect(await world.doorbell.hasJob('none1234')).toBe(true);
  expect(world.cluster.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);

  await world.redis.hdel('urumi:hosts', 'nobody.localhost');
  await waitUntil(count, (counts) => counts.join() === '1,1,1,1', { what: 'what is no orphan any more is forgotten' });
});
