/** What is true of stores behind the api: records, timelines, metrics, objects in the cluster, Helm's revisions. */
import type { StoreRecord } from '@urumi/shared/domain/store';
import type { TimelineEntry } from '@urumi/shared/domain/timeline-entry';
import { annotations, labels } from '@urumi/shared/k8s/labels';
import { parseStamp, type Stamp } from '@urumi/shared/k8s/stamp';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { request } from './http.ts';
import type { SimulatedPlatform } from './simulated-platform.ts';
import { namespaceOf } from './stores.ts';
import { NotYet, waitFor } from './wait.ts';

type Reads = Pick<SimulatedPlatform, 'redis' | 'kubectl'>;
interface Id {
  readonly id: string;
}

/** @throws Error where there is none */
export async function readRecord({ redis }: Pick<Reads, 'redis'>, { id }: Id): Promise<StoreRecord> {
  const read = await new StoreRepository(redis).read(id);
  if (read === null) throw new Error(`store ${id} has no record`);
  return read.record;
}

/** Oldest first. */
export function readTimeline({ redis }: Pick<Reads, 'redis'>, { id }: Id): Promise<TimelineEntry[]> {
  return new StoreRepository(redis).readTimeline(id);
}

/** Number of each start within its wish, in their order: `[1, 2]` where the first one did not come to its end. */
export async function readStarts(t: Pick<Reads, 'redis'>, store: Id): Promise<(number | null)[]> {
  return (await readTimeline(t, store)).filter(({ type }) => type === 'AttemptStarted').map(({ attempt }) => attempt);
}

/** A Redis that is away, and a record that is not there yet, are waited for too. */
export function untilRecord(
  t: Pick<Reads, 'redis'>,
  store: Id,
  { what, timeoutMs = 60_000 }: { readonly what: string; readonly timeoutMs?: number },
  isSo: (record: StoreRecord) => boolean,
): Promise<StoreRecord> {
  return waitFor({ what: `store ${store.id}: ${what}`, timeoutMs, intervalMs: 100 }, async () => {
    const record = await readRecord(t, store).catch((error: unknown) => String(error));
    if (typeof record === 'string') return new NotYet(record);
    const { status, desired, attempt, release } = record;
    return isSo(record) ? record : new NotYet(JSON.stringify({ status, desired, attempt, release }));
  });
}

/** Ready, and nothing left to do for the newest wish. */
export function untilSettled(t: Pick<Reads, 'redis'>, store: Id, timeoutMs = 60_000): Promise<StoreRecord> {
  const isSettled = ({ status }: StoreRecord): boolean => status.value === 'ready' && status.reason === 'Healthy';
  return untilRecord(t, store, { what: 'ready and settled', timeoutMs }, isSettled);
}

/** Sum over the series of a metric whose labels contain `labels`; 0 where there are none. */
export async function readMetric(opsPort: number, name: string, labels = ''): Promise<number> {
  const { body } = await request({ port: opsPort, path: '/metrics' });
  return body
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly data?: Readonly<Record<string, string>>;
}

export async function listObjects(t: Pick<Reads, 'kubectl'>, ...args: string[]): Promise<KubeObject[]> {
  return (JSON.parse(await t.kubectl('get', ...args, '-o', 'json')) as { items: KubeObject[] }).items;
}

/** Names of the kind's objects, in one namespace or, for kinds without one, in the cluster. */
export async function listNames(t: Pick<Reads, 'kubectl'>, kind: string, namespace?: string): Promise<string[]> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  return (await listObjects(t, kind, ...where)).map(({ metadata }) => metadata.name);
}

export interface StoreNamespace {
  readonly id: string;
  readonly uid: string;
  readonly isTerminating: boolean;
  readonly stamp: Stamp | null;
}

/** Every namespace that says it is a store's. */
export async function listStoreNamespaces(t: Pick<Reads, 'kubectl'>): Promise<StoreNamespace[]> {
  const objects = await listObjects(t, 'namespaces', '-l', labels.storeId);
  return objects.map(({ metadata }) => ({
    id: metadata.labels?.[labels.storeId] ?? '',
    uid: metadata.uid,
    isTerminating: metadata.deletionTimestamp !== undefined,
    stamp: parseStamp(metadata.annotations?.[annotations.wish]),
  }));
}

/** Names of namespaces that look like a store's, whatever their labels say. */
export async function listStoreNamespaceNames(t: Pick<Reads, 'kubectl'>): Promise<string[]> {
  return (await listNames(t, 'namespaces')).filter((name) => /^store-[a-z][a-z0-9]{7}$/.test(name));
}

/** Helm's revisions, oldest first, as `1 deployed`. */
export async function readRevisions(t: Pick<Reads, 'kubectl'>, store: Id): Promise<string[]> {
  const secrets = await listObjects(t, 'secrets', '-n', namespaceOf(store), '-l', 'owner=helm');
  return secrets
    .map(({ metadata }) => `${metadata.labels?.['version']} ${metadata.labels?.['status']}`)
    .sort((a, b) => parseInt(a) - parseInt(b));
}

const kinds = [
  'configmaps',
  'deployments',
  'ingresses',
  'jobs',
  'limitranges',
  'networkpolicies',
  'persistentvolumeclaims',
  'resourcequotas',
  'rolebindings',
  'secrets',
  'serviceaccounts',
  'services',
  'statefulsets',
].join(',');

/** Given by the cluster anew for each object, or the outcome of chance. */
const givenFields = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'status',
  'clusterIP',
  'clusterIPs',
  'volumeName',
  'batch.kubernetes.io/controller-uid',
  'controller-uid',
  'urumi.dev/spec-hash',
  'volume.kubernetes.io/selected-node',
  'deployment.kubernetes.io/revision',
]);

/**
 * Everything that helm and the worker made of a store, a JSON text each: equal for two stores of one engine and size. Helm's
 * own Secrets are left out (see {@link readRevisions}), and of other Secrets only the keys are told.
 */
export async function readStoreObjects(
  t: Pick<Reads, 'kubectl'>,
  store: { readonly id: string; readonly name: string },
): Promise<string[]> {
  const objects = await listObjects(t, kinds, '-n', namespaceOf(store));
  return objects
    .filter(({ metadata }) => metadata.labels?.['owner'] !== 'helm' && metadata.ownerReferences === undefined)
    .map((object) => (object.kind === 'Secret' ? { ...object, data: Object.keys(object.data ?? {}).sort() } : object))
    .map((object) =>
      JSON.stringify(object, (key, value: unknown) => (givenFields.has(key) ? undefined : value))
        .replaceAll(store.id, '<id>')
        .replaceAll(store.name, '<name>')
        .replaceAll(/store-setup-(\d+)-[0-9a-f]{8}/g, 'store-setup-$1-<hash>'),
    )
    .sort();
}
