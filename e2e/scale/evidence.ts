/** What the cluster says of stores and of who worked on them, past the api. */
import { release } from '@urumi/scripts/launcher/platform-chart';
import type { MixedPlatform } from '../support/mixed-platform.ts';

type Kubectl = Pick<MixedPlatform, 'kubectl'>;

const { namespace } = release;

/** Of each worker that is there, by what it says in its log: how many of these stores it worked on. */
export async function readShares(t: Kubectl, ids: ReadonlySet<string>): Promise<number[]> {
  const selector = 'app.kubernetes.io/component=worker';
  const names = await t.kubectl('get', 'pods', '--namespace', namespace, '--selector', selector, '--output', 'name');
  return Promise.all(
    names
      .trim()
      .split('\n')
      .map(async (pod) => {
        const log = await t.kubectl('logs', pod, '--namespace', namespace);
        return [...ids].filter((id) => log.includes(id)).length;
      }),
  );
}

interface Pod {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly nodeName: string };
}

export async function nodesOfPods(t: Kubectl, isWanted: (namespace: string) => boolean): Promise<string[]> {
  const { items } = JSON.parse(await t.kubectl('get', 'pods', '--all-namespaces', '--output', 'json')) as {
    items: Pod[];
  };
  return items.filter(({ metadata }) => isWanted(metadata.namespace)).map(({ spec }) => spec.nodeName);
}

/** `<namespace> <status>` of every store's release that is not superseded by a later revision. */
export async function listReleases(t: Kubectl): Promise<string[]> {
  const columns = 'custom-columns=NAMESPACE:.metadata.namespace,STATUS:.metadata.labels.status';
  const selector = 'owner=helm,name!=urumi,status!=superseded';
  const all = ['get', 'secrets', '--all-namespaces', '--selector', selector, '--no-headers', '--output', columns];
  return (await t.kubectl(...all))
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).join(' '));
}
