/**
 * Puts the parts together and runs them: watches and wishes mark stores, looks judge them, the leader sweeps. Everything
 * that a test replaces comes in through the options.
 */
import { performance } from 'node:perf_hooks';
import { engineIds } from '@urumi/shared/domain/engines/catalog';
import { isDomainError, type DomainError } from '@urumi/shared/domain/errors';
import type { ReconcilerEvent } from '@urumi/shared/domain/events';
import { pauseStoresMin } from '@urumi/shared/domain/pause';
import { defaultPatience } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { Leadership } from '@urumi/shared/server/lease/leader';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { Doorbell, openStoreQueue } from '@urumi/shared/server/queue/doorbell';
import { subscribeWishes } from '@urumi/shared/server/queue/wishes';
import { withinDeadline, type connectFailFast } from '@urumi/shared/server/redis/connection';
import { bindRun } from '@urumi/shared/server/redis/run';
import { adoptStore } from '@urumi/shared/server/store/adoption';
import { CreatesPauses } from '@urumi/shared/server/store/creates-pause';
import { orphanKinds } from '@urumi/shared/server/store/orphans';
import { openDoor } from '@urumi/shared/server/store/door';
import { readTime, StoreRepository } from '@urumi/shared/server/store/repository';
import type { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { buildMetrics } from './metrics.ts';
import { DriftWatch } from './observe/drift-watch.ts';
import { StoreObserver } from './observe/observe-store.ts';
import { TeardownObserver } from './observe/observe-teardown.ts';
import { Speeches } from './observe/speech.ts';
import { findLeftVolumes } from './observe/volumes.ts';
import { Witness } from './observe/witness.ts';
import { PageChecks } from './probe/page-checks.ts';
import { Prober } from './probe/probe.ts';
import { PublicChecks } from './probe/public-check.ts';
import { RouteHealth } from './probe/route-health.ts';
import { adoptAll, GateKeeper } from './sweep/adopt.ts';
import { watchCreates, type CreatesWatch } from './sweep/creates.ts';
import { lookForOrphans } from './sweep/orphans.ts';
import { ringIfIdle, ringOwed } from './sweep/owed.ts';
import { runPass } from './sweep/resync.ts';
import { runTimed } from './timing/timed.ts';
import type { ReadAccess } from './watch/access.ts';
import { ApiClient } from './watch/api-client.ts';
import { ClusterView } from './watch/cluster-view.ts';
import { DirectReads } from './watch/direct-reads.ts';
import { DirtyStores } from './watch/dirty-stores.ts';
import { GuardView } from './watch/guard-view.ts';
import type { InformerState } from './watch/informer.ts';

type Redis = ReturnType<typeof connectFailFast>;

export interface ReconcilerOptions {
  readonly config: Config;
  /** Fails fast: reads, writes and rings. */
  readonly redis: Redis;
  /** Waits for Redis: the subscription to wishes. */
  readonly subscriber: Redis;
  readonly readAccess: ReadAccess;
  readonly logger: Logger;
  readonly registry: Registry;
}

export interface RunningReconciler {
  /** Ends looks and sweeps, lets another replica lead, closes what this opened. The Redis connections stay the caller's. */
  stop(): Promise<void>;
}

const gatherMs = 20;
const retryMs = 2_000;
const idlePollMs = 250;
const gaugesMs = 1_000;
/** Longest a goodbye to Redis may take when stopping. */
const farewellMs = 500;
const now = (): number => performance.now();

export function startReconciler({
  config,
  redis,
  subscriber,
  readAccess,
  logger,
  registry,
}: ReconcilerOptions): RunningReconciler {
  const stopping = new AbortController();
  const { signal } = stopping;
  const metrics = buildMetrics(registry);
  const repository = new StoreRepository(redis);
  const door = openDoor<ReconcilerEvent>(redis);
  const queue = openStoreQueue(redis);
  const doorbell = new Doorbell(queue, redis);
  const leadership = new Leadership(redis, 'reconciler', config.LEASE_MS);

  const client = new ApiClient(readAccess);
  const reads = new DirectReads(client, config.URUMI_INSTALLATION_ID);
  const prober = new Prober({
    host: config.PROBE_HOST,
    port: config.PROBE_PORT,
    publicPort: config.STORE_PORT,
    scheme: config.STORE_SCHEME,
    timeoutMs: config.PROBE_TIMEOUT_MS,
  });
  const route = new RouteHealth(now, 2 * config.PROBE_READY_MS);
  const view = new ClusterView({
    client,
    installationId: config.URUMI_INSTALLATION_ID,
    relistMs: config.RESYNC_MS,
    signal,
    onChange: (storeId) => stores.mark(storeId, 'watch'),
    onState: tellWatch,
    onCorrection: (resource, differences) => metrics.cacheCorrections.inc({ resource }, differences),
  });
  const guards = new GuardView({
    client,
    installationId: config.URUMI_INSTALLATION_ID,
    relistMs: config.RESYNC_MS,
    signal,
    onChange: (storeId) => stores.mark(storeId, 'watch'),
    onState: tellWatch,
    onCorrection: (resource, differences) => metrics.cacheCorrections.inc({ resource }, differences),
  });
  const ringAgain = async (record: StoreRecord): Promise<void> => {
    if (await ringIfIdle(record, { repository, doorbell })) metrics.rings.inc();
  };
  const observer = new StoreObserver({
    repository,
    door,
    view,
    reads,
    pages: new PageChecks(prober, route, now),
    witness: new Witness(now),
    speeches: new Speeches(reads, now),
    teardown: new TeardownObserver({
      door,
      reads,
      metrics,
      stalledMs: config.TEARDOWN_STALLED_MS,
      onStillAlive: ringAgain,
      findVolumes: (namespace) => guards.listVolumes().filter(({ claimNamespace }) => claimNamespace === namespace),
      onVolumesLeft: (storeId, volumes) => logger.warn({ storeId, volumes }, 'volumes are left of a deleted store'),
    }),
    drift: new DriftWatch({ view: guards, reads, apiUser: config.URUMI_API_USER, now }),
    publicChecks: new PublicChecks({
      scheme: config.STORE_SCHEME,
      port: config.STORE_PORT,
      everyMs: config.PUBLIC_CHECK_MS,
      now,
      onChange: (storeId) => stores.mark(storeId, 'timer'),
    }),
    onDrift: ringAgain,
    settings: {
      patience: defaultPatience,
      probeUnsettledMs: config.PROBE_UNSETTLED_MS,
      probeReadyMs: config.PROBE_READY_MS,
      pageGraceMs: config.PAGE_GRACE_MS,
      volumeGraceMs: config.VOLUME_GRACE_MS,
      provisioningDeadlineMs: config.PROVISIONING_DEADLINE_MS,
      watchGraceMs: config.WATCH_GRACE_MS,
    },
    metrics,
  });
  const stores: DirtyStores = new DirtyStores({
    concurrency: config.OBSERVE_CONCURRENCY,
    gatherMs,
    retryMs,
    look: (storeId, causes) => observer.look(storeId, causes),
    onError: (storeId, error) => {
      metrics.looks.inc({ result: 'failed' });
      report(error, 'a look failed', { storeId });
    },
  });

  const adoption = {
    repository,
    adopt: (found: Parameters<typeof adoptStore>[1]) => adoptStore(redis, found),
    onAdoption: (storeId: string, outcome: string) => {
      metrics.adoptions.inc({ outcome });
      if (outcome === 'claimed') logger.error({ storeId }, 'not adopted: another store holds its name or host');
      if (outcome === 'adopted' || outcome === 'raised') {
        logger.warn({ storeId, outcome }, 'record made from the stamp in the cluster');
        stores.mark(storeId, 'watch');
      }
    },
  };
  const gate = new GateKeeper({
    ...adoption,
    view,
    listNamespaces: () => reads.listNamespaces(),
    bindRun: () => bindRun(redis),
    leaseMs: config.LEASE_MS,
    now,
  });

  const creates: CreatesWatch = {
    repository,
    readNow: () => readTime(redis),
    pauses: new CreatesPauses(redis),
    doorbell,
    settings: {
      storesMin: pauseStoresMin,
      windowMs: config.PROVISIONING_DEADLINE_MS,
      probeEveryMs: config.CREATES_PROBE_MS,
    },
    onBegin: (pause) => logger.error({ pause }, 'new stores of an engine wait: several fail alike'),
    onLift: (pause, why) => logger.warn({ pause, why }, 'new stores of an engine go on'),
  };

  let leads = false;
  let isGateOpen = false;
  const every = (everyMs: () => number, task: string, run: () => Promise<void>): Promise<void> =>
    runTimed({ everyMs, signal, run, onError: (error) => report(error, `${task} failed`) });
  /** The pace of a leader's task; until it may run, it is asked for often, so that it begins at once. */
  const onceAllowed = (isAllowed: () => boolean, everyMs: number) => () => (isAllowed() ? everyMs : idlePollMs);

  const running = [
    view.run(),
    guards.run(),
    every(
      // A shut gate is looked at often: it opens as soon as it may.
      () => (leads && !isGateOpen ? Math.min(idlePollMs, config.LEASE_MS / 3) : config.LEASE_MS / 3),
      'leading',
      async () => {
        try {
          leads = await leadership.tick();
          isGateOpen = leads && (await gate.tick()) !== 'shut';
        } catch (error) {
          leads = false;
          throw error;
        }
      },
    ),
    every(
      onceAllowed(() => leads && isGateOpen, config.SWEEP_MS),
      'the owed sweep',
      async () => {
        if (!leads || !isGateOpen) return;
        const rung = await ringOwed({ repository, doorbell, signal });
        metrics.rings.inc(rung.length);
        if (rung.length > 0) logger.info({ storeIds: rung }, 'rang for stores that nobody worked on');
      },
    ),
    every(
      onceAllowed(() => leads && isGateOpen && view.isFollowing, config.SWEEP_MS),
      'the watch of creates',
      async () => {
        const inForce = leads && isGateOpen && view.isFollowing ? await watchCreates(creates) : [];
        for (const engine of engineIds) {
          metrics.createsPaused.set({ engine }, inForce.some((pause) => pause.engine === engine) ? 1 : 0);
        }
      },
    ),
    every(
      onceAllowed(() => leads && view.isSynced, config.SWEEP_MS),
      'the pass',
      async () => {
        if (leads && view.isSynced) await runPass({ repository, view, stores, route });
      },
    ),
    every(
      () => config.RESYNC_MS,
      'the check of stamps',
      async () => {
        if (!leads || !isGateOpen || !view.isSynced || !view.isFollowing) return;
        await adoptAll(view.listNamespaces(), adoption);
        await listOrphans();
      },
    ),
    every(
      () => config.RESYNC_MS,
      'the list of left volumes',
      async () => {
        if (leads && isGateOpen && guards.isFollowing) await listLeftVolumes();
      },
    ),
    every(
      () => gaugesMs,
      'the gauges',
      async () => {
        metrics.stores.set(stores.size);
        metrics.routeAtFault.set(route.isAtFault() ? 1 : 0);
        for (const { resource, secondsSinceContact } of [...view.informers, ...guards.informers]) {
          metrics.secondsSinceContact.set({ resource }, secondsSinceContact);
        }
      },
    ),
  ];
  const subscription = subscribeWishes(subscriber, (storeId) => stores.mark(storeId, 'wish'));
  subscription.catch((error: unknown) => report(error, 'the subscription to wishes failed'));

  return {
    stop: async () => {
      stopping.abort();
      // Reads under way end here, so that running looks do not wait for their timeouts.
      prober.close();
      client.close();
      await Promise.all([...running, stores.close()]);
      const farewells = [subscription.then((end) => end()), leadership.resign(), queue.close()];
      await Promise.allSettled(farewells.map((farewell) => withinDeadline(farewell, farewellMs)));
    },
  };

  function tellWatch(resource: string, state: InformerState, error: DomainError | null): void {
    if (state === 'cut-off') metrics.watchFailures.inc({ resource });
    logger.info({ resource, state, cause: error?.message }, `watch of ${resource}: ${state}`);
  }

  async function listLeftVolumes(): Promise<void> {
    const volumes = findLeftVolumes(guards.listVolumes(), new Set(await repository.listIds()));
    metrics.leftoverVolumes.set(volumes.length);
    if (volumes.length > 0) logger.warn({ volumes: volumes.slice(0, 20) }, 'volumes without a living store');
  }

  async function listOrphans(): Promise<void> {
    const orphans = await lookForOrphans({ redis, repository, queue, namespaces: view.listNamespaces() });
    for (const kind of orphanKinds) {
      metrics.orphans.set({ kind }, orphans.filter((orphan) => orphan.kind === kind).length);
    }
    if (orphans.length > 0) logger.warn({ orphans: orphans.slice(0, 20), count: orphans.length }, 'orphans were found');
  }

  /** What passes by itself is told quietly; everything else with its cause. */
  function report(error: unknown, message: string, context: Record<string, unknown> = {}): void {
    if (isDomainError(error) && (error.kind === 'unavailable' || error.kind === 'transient')) {
      logger.debug({ ...context, code: error.code, cause: error.message }, message);
    } else {
      logger.error({ ...context, err: error }, message);
    }
  }
}
