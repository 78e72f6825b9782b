/** The pause of creates with whole reconcilers, a real Redis and a fake API server; what a worker would do is said by hand. */
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { readTime } from '@urumi/shared/server/store/repository';
import { expect, it } from 'vitest';
import { rawPod } from '../testing/objects.ts';
import { useWorld } from '../testing/use-world.ts';
import { waitUntil } from '../testing/wait-until.ts';
import type { World } from '../testing/world.ts';
import { watchCreates } from './creates.ts';

let world: World;
let pauses: CreatesPauses;
useWorld((opened) => {
  world = opened;
  pauses = new CreatesPauses(world.redis);
});

const failing = ['faulty01', 'faulty02', 'faulty03'] as const;
const readPause = async () => (await pauses.read('medusa')).pause;
const untilPaused = () => waitUntil(readPause, (pause) => pause !== null, { what: 'a pause' });
const untilLifted = () => waitUntil(readPause, (pause) => pause === null, { what: 'no pause' });
const gauge = () => world.metric('urumi_reconciler_creates_paused', { engine: 'medusa' });

async function failAlike(ids: readonly string[] = failing): Promise<void> {
  for (const id of ids) {
    await world.request(id);
    await world.apply(id);
    const waiting = { waiting: { reason: 'ErrImagePull', message: 'no such image' } };
    const container = { name: 'server', ready: false, restartCount: 0, state: waiting };
    const status = { phase: 'Pending', containerStatuses: [container] };
    world.cluster.put('pods', rawPod(id, 'server', 'store-server-0', status));
  }
  for (const id of ids) await world.waitForStatus(id, 'provisioning ImagePullFailing');
}

function mend(id: string): void {
  world.cluster.put('pods', rawPod(id, 'server', 'store-server-0'));
  world.runAll(id);
}

/** As a worker does with a create that has to wait. */
async function letWait(id: string): Promise<void> {
  await world.request(id);
  await world.worker.apply(id, { type: 'AttemptStarted', fence: 1, generation: 1 });
  const failure = { code: 'creates.paused', message: 'wait' } as const;
  await world.worker.apply(id, {
    type: 'AttemptFailed',
    generation: 1,
    failure,
    retryInMs: 60_000,
    startGivenBack: true,
  });
}

it('F34: creates pause where three fail alike, and go on once one has come through', async () => {
  world.startReconciler();
  world.startReconciler();
  await failAlike(failing.slice(0, 2));
  await world.makeReady('woken001');
  expect(await readPause()).toBeNull();
  await failAlike(['faulty03', 'faulty04', 'faulty05']);
  await untilPaused();
  expect(await readPause()).toMatchObject({ engine: 'medusa', cause: 'ImagePullFailing', probeEveryMs: 60_000 });
  expect((await pauses.read('woocommerce')).pause).toBeNull();
  await waitUntil(gauge, (value) => value === 1);

  await letWait('waiting1');
  expect(await world.status('waiting1')).toBe('queued CreatesPaused');
  expect((await world.record('waiting1')).attempt.nextTryAt).toBeGreaterThan(0);
  mend('faulty03');
  await world.waitForStatus('faulty03', 'ready Healthy');
  await untilLifted();
  await waitUntil(gauge, (value) => value === 0);
});

it('F34: the pause outlives its reconciler, and is decided anew where Redis forgot it', async () => {
  const first = world.startReconciler();
  await failAlike();
  await untilPaused();
  const before = await readPause();
  await first.stop();
  world.startReconciler();
  await waitUntil(
    () => world.redis.pttl('urumi:pause:medusa'),
    (ms) => ms > 299_500,
    { what: 'the pause to be held up' },
  );
  expect(await readPause()).toEqual(before);
  await world.redis.del('urumi:pause:medusa', 'urumi:pause:medusa:probe');
  await untilPaused();
});

it('F34: creates go on when those that failed are deleted', async () => {
  world.startReconciler();
  await failAlike();
  await untilPaused();
  for (const id of failing) await world.api.apply(id, { type: 'DeletionRequested' });
  await untilLifted();
});

it('F34: of several that watch at once one begins and one lifts, and wakes what waits', async () => {
  const reconciler = world.startReconciler({ SWEEP_MS: '60000' });
  await failAlike();
  await reconciler.stop();
  const told: string[] = [];
  const watch = {
    repository: world.repository,
    pauses,
    readNow: () => readTime(world.redis),
    doorbell: {
      ring: async ({ storeId }: { readonly storeId: string }, how: string) => void told.push(`ring ${storeId} ${how}`),
    },
    settings: { storesMin: 3, windowMs: 60_000, probeEveryMs: 60_000 },
    onBegin: () => void told.push('begin'),
    onLift: (_: unknown, why: string) => void told.push(`lift ${why}`),
  };
  const watchAll = () => Promise.all([1, 2, 3].map(() => watchCreates(watch)));
  await watchAll();
  await watchAll();
  expect(told).toEqual(['begin']);
  await letWait('waiting1');
  await world.request('queued01');
  for (const id of failing) await world.api.apply(id, { type: 'DeletionRequested' });
  await watchAll();
  expect(told).toEqual(['begin', 'lift gone', 'ring waiting1 wish']);
});
