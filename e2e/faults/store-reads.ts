/** What fault scenarios read beside the api's own answers: timelines, metrics and the cluster's objects. */
import type { TimelineEntry } from '@urumi/shared/domain/timeline-entry';
import { request, toJson } from '../support/http.ts';
import type { SimulatedPlatform } from '../support/simulated-platform.ts';

type Named = { readonly id: string };

/** Oldest first, as the api shows it to the owner. */
export async function readTimeline(
  t: Pick<SimulatedPlatform, 'api'>,
  { id }: Named,
): Promise<readonly (Pick<TimelineEntry, 'type' | 'text'> & { readonly at: string })[]> {
  const answer = await t.api('GET', `/api/stores/${id}/timeline`);
  return toJson<{ entries: (Pick<TimelineEntry, 'type' | 'text'> & { at: string })[] }>(answer, 200).entries;
}

/** Sum over the series of a metric whose labels contain `labels`; 0 where there are none. */
export async function readMetric(opsPort: number, name: string, labels = ''): Promise<number> {
  const { body } = await request({ port: opsPort, path: '/metrics' });
  return body
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Names of the kind's objects, in one namespace or, for kinds without one, in the cluster. */
export async function listNames(
  t: Pick<SimulatedPlatform, 'kubectl'>,
  kind: string,
  namespace?: string,
): Promise<string[]> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  const names = await t.kubectl('get', kind, ...where, '-o', 'jsonpath={.items[*].metadata.name}');
  return names.split(' ').filter(Boolean);
}

/** Namespaces that bear the id of any store. */
export async function listStoreNamespaces(t: Pick<SimulatedPlatform, 'kubectl'>): Promise<string[]> {
  return (await listNames(t, 'namespaces')).filter((name) => /^store-[a-z][a-z0-9]{7}$/.test(name));
}
