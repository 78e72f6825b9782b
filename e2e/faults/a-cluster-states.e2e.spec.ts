/** States of the cluster that stand in a store's way: pods that never start, half-made and forgotten releases, namespaces. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startsMax } from '@urumi/shared/domain/reduce';
import type { StoreRecord } from '@urumi/shared/domain/store';
import { keys } from '@urumi/shared/server/store/keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toJson } from '../support/http.ts';
import { findLeftovers } from '../support/leftovers.ts';
import type { StoreView } from '../support/platform.ts';
import { startSimulatedPlatform, type SimulatedPlatform } from '../support/simulated-platform.ts';
import { changeBehaviour } from '../support/simulated-values.ts';
import { changeStoreValues } from '../support/store-values.ts';
import {
  listObjects,
  listStoreNamespaces,
  readRecord,
  readRevisions,
  readStarts,
  readTimeline,
  untilRecord,
  untilSettled,
} from '../support/store-truth.ts';
import { deleteStore, namespaceOf } from '../support/stores.ts';
import { NotYet, waitFor } from '../support/wait.ts';

/** Short, so that work which nobody should do again would soon be rung for. */
const sweepMs = 1_000;

let t: SimulatedPlatform;
/** Loses its server at the start of this file; a minute later it is degraded (F22). */
let fading: StoreView;
/** Their pods never started (F17); what becomes of them without their namespaces is F22. */
const failed: StoreView[] = [];

beforeAll(async () => {
  t = await startSimulatedPlatform({ env: { reconciler: { SWEEP_MS: String(sweepMs) } } });
  await t.kubectl('create', 'namespace', 'f18-probe');
  fading = await t.createStore('fading');
  await untilSettled(t, fading);
  await t.kubectl(
    'annotate',
    'pods',
    `--namespace=${namespaceOf(fading)}`,
    '--selector=app.kubernetes.io/component=server',
    'urumi.dev/simulated=crash-loop',
  );
});
afterAll(async () => {
  await t.stop();
  expect(await findLeftovers(t.places.state)).toEqual([]);
});

it('F17: pods that never start behind a release that was applied: named from what the cluster says, failed at the deadline', async ({
  onTestFinished,
}) => {
  const deadlineMs = 8_000;
  const reconciler = t.service('reconciler-1');
  await reconciler.restart({
    PROVISIONING_DEADLINE_MS: String(deadlineMs),
    WATCH_GRACE_MS: '1000',
    VOLUME_GRACE_MS: '1500',
  });
  await reconciler.untilReady();
  const causes = [
    { name: 'pull', reason: 'ImagePullFailing', fail: () => changeBehaviour(t, { server: 'pull-failing' }) },
    {
      name: 'volume',
      reason: 'VolumePending',
      fail: () => changeStoreValues(t, (values) => ({ ...values, storage: { className: 'no-such-class' } })),
    },
    { name: 'nodes', reason: 'Unschedulable', fail: fillNodes },
  ];
  onTestFinished(async () => {
    await reconciler.restart();
    await reconciler.untilReady();
  });
  const outcomes: Promise<void>[] = [];
  for (const { name, reason, fail } of causes) {
    const heal = await fail();
    // The nodes stay full until the end; the values are the next store's.
    const isLasting = name === 'nodes';
    if (isLasting) onTestFinished(async () => void (await heal()));
    const store = await t.createStore(`f17-${name}`);
    failed.push(store);
    await untilRecord(t, store, { what: 'applied' }, ({ release }) => release.generationApplied === 1);
    const outcome = expectLateFailure(store, { reason, deadlineMs });
    outcome.catch(() => undefined); // told below, once the others had their turn
    outcomes.push(outcome);
    if (!isLasting) await heal();
  }
  await Promise.all(outcomes);
});

it('F18: helm that fails half-way: tried again within bounds where it may pass, not where it cannot, and never left pending', async () => {
  const passing = await untilFrozen(() => t.createStore('f18-passing'));
  const lasting = await t.createStore('f18-lasting');
  const invalid = await t.createStore('f18-invalid');
  for (const store of [passing, lasting]) await refuseServices(buildDeadWebhook(store));
  await refuseServices(...buildRefusal(invalid));
  await thaw();

  await waitFor({ what: 'two failures', timeoutMs: 30_000, intervalMs: 50 }, async () => {
    const failures = (await readTimeline(t, passing)).filter(({ type }) => type === 'AttemptFailed');
    return failures.length >= 2 ? true : new NotYet(`${failures.length}`);
  });
  // Half-way: what comes before the services is there.
  expect(await listObjects(t, 'persistentvolumeclaims', '-n', namespaceOf(passing))).toHaveLength(2);
  expect(await listObjects(t, 'services', '-n', namespaceOf(passing))).toHaveLength(0);
  await t.kubectl('delete', 'validatingwebhookconfiguration', namespaceOf(passing));
  await untilSettled(t, passing);
  const starts = await readStarts(t, passing);
  expect(starts).toEqual(starts.map((_, index) => index + 1));
  expect(starts.length).toBeGreaterThanOrEqual(3);

  const refused = await untilRecord(t, invalid, { what: 'given up' }, ({ attempt }) => attempt.gaveUp !== null);
  expect(refused.attempt.gaveUp?.code).toBe('helm.object-rejected');
  expect(await readStarts(t, invalid)).toEqual([1]);
  const ended = await untilRecord(t, lasting, { what: 'given up' }, ({ attempt }) => attempt.gaveUp !== null);
  expect(ended.attempt.gaveUp?.code).toBe('helm.unclassified');
  expect(ended.status).toMatchObject({ value: 'failed', reason: 'GaveUp', settled: true });
  expect(await readStarts(t, lasting)).toEqual(Array.from({ length: startsMax }, (_, index) => index + 1));
  await expectNoMoreTries(invalid, lasting);
  for (const store of [passing, lasting, invalid]) await expectNothingPending(store);

  // The way out that is open to people: put it right, and retry.
  await t.kubectl('delete', 'validatingwebhookconfiguration', namespaceOf(lasting));
  toJson(await t.api('POST', `/api/stores/${lasting.id}/retry`), 202);
  await untilSettled(t, lasting);
  await t.kubectl('delete', 'validatingadmissionpolicy,validatingadmissionpolicybinding', namespaceOf(invalid));
  await Promise.all([passing, lasting, invalid].map((store) => deleteStore(t, store)));
});

it('F33: a release that a full quota refuses waits without cost, says the numbers, and goes on by itself once there is room', async () => {
  const store = await untilFrozen(() => t.createStore('f33-full'));
  const quota = {
    metadata: { name: 'administrators', namespace: namespaceOf(store) },
    spec: { hard: { services: '0' } },
  };
  await refuseServices(buildDeadWebhook(store));
  await thaw();
  await untilRecord(t, store, { what: 'refused' }, ({ attempt }) => attempt.lastFailure?.code === 'helm.unclassified');
  await createObject({ apiVersion: 'v1', kind: 'ResourceQuota', ...quota });
  const { name, namespace } = quota.metadata;
  await waitFor({ what: 'the quota to count', timeoutMs: 20_000, intervalMs: 50 }, async () => {
    const hard = await t.kubectl(
      'get',
      'resourcequota',
      name,
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.hard.services}',
    );
    return hard === '0' ? true : new NotYet(hard);
  });
  await t.kubectl('delete', 'validatingwebhookconfiguration', namespaceOf(store));

  const isWaiting = ({ attempt }: StoreRecord) => attempt.lastFailure?.code === 'helm.quota-exceeded';
  const { attempt, status } = await untilRecord(t, store, { what: 'refused by the quota' }, isWaiting);
  expect(attempt.lastFailure?.message).toMatch(
    /exceeded quota: administrators, requested: services=1.*limited: services=0/,
  );
  expect(status).toMatchObject({ value: 'provisioning', reason: 'Retrying', settled: false });
  const again = ({ attempt: { lastFailure } }: StoreRecord) => (lastFailure?.at ?? 0) > (attempt.lastFailure?.at ?? 0);
  const later = await untilRecord(t, store, { what: 'tried again' }, again);
  expect(later.attempt).toMatchObject({ gaveUp: null, startsUsed: attempt.startsUsed });
  expect((later.attempt.lastFailure?.at ?? 0) - (attempt.lastFailure?.at ?? 0)).toBeGreaterThanOrEqual(20_000);

  await t.kubectl('delete', 'resourcequota', name, '-n', namespace);
  await untilSettled(t, store);
  await deleteStore(t, store);
});

it('F19: a release found pending is unlocked by whoever holds the lease, and left alone while another attempt lives', async () => {
  const [dead, live] = [await t.createStore('f19-dead'), await t.createStore('f19-live')];
  for (const store of [dead, live]) await untilSettled(t, store);
  for (const store of [dead, live])
    await untilRecord(t, store, { what: 'idle' }, ({ attempt }) => attempt.step === 'ended');
  const before = await Promise.all([dead, live].map(readKept));
  for (const store of [dead, live]) await plantPendingRelease(store);
  const { fence } = (await readRecord(t, live)).attempt;
  await t.redis.set(keys.lease(live.id), 'another', 'PX', 4_000);
  for (const store of [dead, live]) toJson(await t.api('PATCH', `/api/stores/${store.id}`, { plan: 'M' }), 202);
  let looks = 0;
  for (;;) {
    const revisions = await readRevisions(t, live);
    const now = (await readRecord(t, live)).attempt.fence;
    if ((await t.redis.get(keys.lease(live.id))) !== 'another') break;
    expect(revisions).toEqual(['1 deployed', '2 pending-upgrade']);
    expect(now).toBe(fence);
    looks += 1;
  }
  expect(looks).toBeGreaterThan(0);
  for (const store of [dead, live]) {
    const { attempt } = await untilRecord(
      t,
      store,
      { what: 'changed' },
      ({ release }) => release.generationApplied === 2,
    );
    await untilSettled(t, store);
    expect(attempt.startsUsed).toBeLessThanOrEqual(1);
    // The planted one is dropped, and its number taken by the change.
    expect(await readRevisions(t, store)).toEqual(['1 superseded', '2 deployed']);
  }
  expect(await Promise.all([dead, live].map(readKept))).toEqual(before);
  await Promise.all([dead, live].map((store) => deleteStore(t, store)));
});

it('F20: objects without their release are adopted where their marks say so, and refused by name where they do not', async () => {
  const [marked, unmarked] = [await t.createStore('f20-marked'), await t.createStore('f20-unmarked')];
  for (const store of [marked, unmarked]) await untilSettled(t, store);
  const before = await Promise.all([marked, unmarked].map(readKept));
  for (const store of [marked, unmarked]) {
    await t.kubectl('delete', 'secrets', `--namespace=${namespaceOf(store)}`, '--selector=owner=helm');
  }
  const service = [`--namespace=${namespaceOf(unmarked)}`, 'service/store-server'];
  await t.kubectl('annotate', ...service, 'meta.helm.sh/release-name-', 'meta.helm.sh/release-namespace-');
  for (const store of [marked, unmarked]) toJson(await t.api('PATCH', `/api/stores/${store.id}`, { plan: 'M' }), 202);

  await untilRecord(t, marked, { what: 'changed' }, ({ release }) => release.generationApplied === 2);
  await untilSettled(t, marked);
  expect(await readRevisions(t, marked)).toEqual(['1 deployed']);

  const refused = await untilRecord(t, unmarked, { what: 'given up' }, ({ attempt }) => attempt.gaveUp !== null);
  say(`F20 refused: ${refused.attempt.gaveUp?.message}`);
  expect(refused.attempt.gaveUp?.code).toBe('helm.ownership-conflict');
  expect(refused.attempt.gaveUp?.message).toContain('"store-server"');
  // It serves as before; only the change failed.
  expect(refused.status).toMatchObject({ value: 'ready', reason: 'ChangeFailed', settled: true });
  await expectNoMoreTries(unmarked);
  await expectNothingPending(unmarked);

  await t.kubectl(
    'annotate',
    ...service,
    'meta.helm.sh/release-name=store',
    `meta.helm.sh/release-namespace=${namespaceOf(unmarked)}`,
  );
  toJson(await t.api('POST', `/api/stores/${unmarked.id}/retry`), 202);
  await untilSettled(t, unmarked);
  expect(await Promise.all([marked, unmarked].map(readKept))).toEqual(before);
  await Promise.all([marked, unmarked].map((store) => deleteStore(t, store)));
});

it('F21: a namespace of that name that is not ours is neither taken nor deleted', async () => {
  const store = await untilFrozen(() => t.createStore('f21'));
  const namespace = namespaceOf(store);
  await t.kubectl('create', 'namespace', namespace);
  await t.kubectl('create', 'configmap', 'theirs', `--namespace=${namespace}`, '--from-literal=a=b');
  const before = await t.kubectl('get', 'namespace', namespace, '-o', 'json');
  await thaw();
  const { attempt, status } = await untilRecord(
    t,
    store,
    { what: 'given up' },
    (record) => record.attempt.gaveUp !== null,
  );
  expect(attempt.gaveUp?.code).toBe('namespace.foreign');
  expect(status).toMatchObject({ value: 'failed', reason: 'GaveUp' });
  await expectNoMoreTries(store);
  await deleteStore(t, store);
  expect(await t.kubectl('get', 'namespace', namespace, '-o', 'json')).toBe(before);
  const own = await listObjects(t, 'configmaps,secrets,rolebindings,serviceaccounts', '-n', namespace);
  expect(own.map(({ metadata }) => metadata.name).sort()).toEqual(['default', 'kube-root-ca.crt', 'theirs']);
  await t.kubectl('delete', 'namespace', namespace, '--wait=false');
});

it('F22: a namespace deleted by hand: told as lost whatever the store was, and made again only on request', async () => {
  const ready = await t.createStore('f22-ready');
  await untilSettled(t, ready);
  const heal = await changeBehaviour(t, { server: 'never-ready' });
  const provisioning = await t.createStore('f22-provisioning');
  await untilRecord(t, provisioning, { what: 'applied' }, ({ release }) => release.generationApplied === 1);
  await heal();
  await untilRecord(t, fading, { what: 'degraded', timeoutMs: 90_000 }, ({ status }) => status.value === 'degraded');
  const [over, queued, further] = failed as [StoreView, StoreView, StoreView];
  await deleteStore(t, further);
  await untilFrozen(async () => toJson(await t.api('POST', `/api/stores/${queued.id}/retry`), 202));
  const all = { ready, provisioning, degraded: fading, failed: over, queued };
  for (const [value, store] of Object.entries(all)) expect((await readRecord(t, store)).status.value).toBe(value);
  const uids = new Map((await listStoreNamespaces(t)).map(({ id, uid }) => [id, uid]));
  const stores = Object.values(all);
  await t.kubectl('delete', 'namespaces', ...stores.map(namespaceOf), '--wait=false');
  const isLost = (record: { status: { value: string; reason: string } }): boolean =>
    record.status.value === 'failed' && record.status.reason === 'NamespaceLost';
  for (const store of stores) await untilRecord(t, store, { what: 'lost' }, isLost);
  await thaw();
  await sleep(3_000);
  for (const store of stores) expect(isLost(await readRecord(t, store))).toBe(true);
  expect(await listStoreNamespaces(t)).toEqual([]);

  for (const store of stores) {
    const answer = await t.api('POST', `/api/stores/${store.id}/retry`);
    expect(answer.status).toBe(409);
    expect(answer.body).toContain('store.data-lost');
  }
  const remade = [ready, queued];
  for (const store of remade) {
    toJson(await t.api('POST', `/api/stores/${store.id}/retry`, { recreate: true }), 202);
  }
  for (const store of remade) await untilSettled(t, store);
  const now = await listStoreNamespaces(t);
  expect(now.map(({ id }) => id).sort()).toEqual(remade.map(({ id }) => id).sort());
  for (const { id, uid } of now) expect(uid).not.toBe(uids.get(id));
  await Promise.all(stores.map((store) => deleteStore(t, store)));
});

/** Said while it may still come right, and once more when it was given its time. */
async function expectLateFailure(
  store: StoreView,
  { reason, deadlineMs }: { readonly reason: string; readonly deadlineMs: number },
): Promise<void> {
  const early = await untilRecord(t, store, { what: `named ${reason}` }, ({ status }) => status.reason === reason);
  expect(early.status.value).toBe('provisioning');
  const late = await untilRecord(t, store, { what: 'failed' }, ({ status }) => status.value === 'failed');
  expect(late.status).toMatchObject({ reason, settled: true });
  const tookMs = late.status.since - (late.release.appliedAt ?? NaN);
  expect(tookMs).toBeGreaterThanOrEqual(deadlineMs - 50);
  expect(tookMs).toBeLessThan(deadlineMs + 5_000);
  const { explanation } = late.observed;
  say(`F17 ${reason} after ${tookMs} ms: ${explanation?.object}: ${explanation?.message.slice(0, 120)}`);
  expect(explanation?.message).not.toBe('');
  expect(await readRevisions(t, store)).toEqual(['1 deployed']);
  expect(await readStarts(t, store)).toEqual([1]);
}

/** No pod finds a node, as where all are full. @returns takes that back */
async function fillNodes(): Promise<() => Promise<unknown>> {
  await t.kubectl('taint', 'nodes', '--all', 'urumi.dev/full=yes:NoSchedule');
  return () => t.kubectl('taint', 'nodes', '--all', 'urumi.dev/full-');
}

/** What `wish` asks for is not begun before {@link thaw}. */
async function untilFrozen<T>(wish: () => Promise<T>): Promise<T> {
  t.service('worker-1').signal('SIGSTOP');
  return wish();
}

async function thaw(): Promise<void> {
  t.service('worker-1').signal('SIGCONT');
  await t.service('worker-1').untilReady();
}

/** @param objects  that keep services out of the namespace `f18-probe` and a store's */
async function refuseServices(...objects: object[]): Promise<void> {
  for (const object of objects) await createObject(object);
  const [{ metadata }] = objects as [{ metadata: { name: string } }];
  await waitFor({ what: 'services to be refused', timeoutMs: 20_000, intervalMs: 100 }, async () => {
    const create = ['create', 'service', 'clusterip', 'probe', '--tcp=80', '--namespace=f18-probe', '--dry-run=server'];
    const answer = await t.kubectl(...create).catch((error: unknown) => String(error));
    return answer.includes(metadata.name) ? true : new NotYet(answer);
  });
}

/** Names of objects here are the namespace's, so that a refusal tells by whom it is. */
const toSelector = (store: StoreView): object => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [namespaceOf(store), 'f18-probe'] }],
});

/** Nobody listens there: every call fails, as while its service is down. */
function buildDeadWebhook(store: StoreView): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespaceOf(store) },
    webhooks: [
      {
        name: `${namespaceOf(store)}.urumi.dev`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        namespaceSelector: toSelector(store),
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }],
      },
    ],
  };
}

function buildRefusal(store: StoreView): object[] {
  const metadata = { name: namespaceOf(store) };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] };
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { namespaceSelector: toSelector(store), resourceRules: [rule] },
        validations: [{ expression: 'false', message: 'no services here' }],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}

async function createObject(object: object): Promise<void> {
  const file = join(t.places.state, 'object.json');
  await writeFile(file, JSON.stringify(object));
  await t.kubectl('create', '-f', file);
}

/** As a writer leaves it that was killed half-way through an upgrade. */
async function plantPendingRelease(store: StoreView): Promise<void> {
  const namespace = namespaceOf(store);
  const secret = JSON.parse(
    await t.kubectl('get', 'secret', 'sh.helm.release.v1.store.v1', `--namespace=${namespace}`, '-o', 'json'),
  ) as { metadata: { labels: Record<string, string> } };
  const labels = { ...secret.metadata.labels, status: 'pending-upgrade', version: '2' };
  await createObject({ ...secret, metadata: { name: 'sh.helm.release.v1.store.v2', namespace, labels } });
}

/** What may never be made anew: the store's secrets and volumes, by uid. */
async function readKept(store: StoreView): Promise<string[]> {
  const objects = await listObjects(t, 'secrets,persistentvolumeclaims', '-n', namespaceOf(store), '-l', 'owner!=helm');
  return objects.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

async function expectNothingPending(store: StoreView): Promise<void> {
  expect((await readRevisions(t, store)).filter((revision) => /pending|uninstalling/.test(revision))).toEqual([]);
}

/** Over some sweeps of what is owed. */
async function expectNoMoreTries(...stores: StoreView[]): Promise<void> {
  const readFences = () => Promise.all(stores.map(async (store) => (await readRecord(t, store)).attempt.fence));
  const before = await readFences();
  await sleep(3 * sweepMs);
  expect(await readFences()).toEqual(before);
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
