/** Urumi's services: how many pods of each are ready, why not, and whether all run the same version. */
import { count, fault, listNames, ok, unknown, warn, type Finding } from './finding.ts';
import { hasCondition, nameOf, type Pod, type Workload } from './objects.ts';

export const services = ['api', 'worker', 'reconciler'] as const;
export type Service = (typeof services)[number];

const hourMs = 3_600_000;
/** Within the last hour; fewer are told and are no reason to warn. */
const restartsMax = 2;

/** What a pod says to `/readyz`, asked through the API server. Network policies may keep that out: then its node's word counts. */
export type Readiness =
  { readonly kind: 'ready'; readonly body: string } | { readonly kind: 'not-ready' } | { readonly kind: 'not-asked' };

export interface ServiceFacts {
  readonly name: string;
  readonly namespace: string;
  readonly workload: Workload | undefined;
  readonly pods: readonly Pod[];
  /** By pod. */
  readonly readiness: ReadonlyMap<string, Readiness>;
  /** In milliseconds. */
  readonly now: number;
}

export function judgeService(facts: ServiceFacts): Finding {
  const { name, namespace, workload, readiness, now } = facts;
  const place = `--namespace ${namespace}`;
  if (workload === undefined) {
    return fault(
      `there is no Deployment ${name}`,
      `Install charts/platform, or again: \`helm upgrade\` with the values of before.`,
    );
  }
  const pods = facts.pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
  const wished = workload.spec?.replicas ?? 1;
  const readyCount = workload.status?.readyReplicas ?? 0;
  if (wished === 0) {
    return fault('scaled to none: nobody does its work', `\`kubectl ${place} scale deployment/${name} --replicas=1\``);
  }
  const restarts = describeRestarts(pods, now);
  const saw = `${readyCount} of ${wished} ready; ${restarts.text}; ${imageOf(workload)}`;
  const logs = `\`kubectl ${place} logs deployment/${name} --all-pods\``;
  if (readyCount < wished) {
    const reasons = describeWaiting(pods);
    const why = reasons === '' ? '' : ` (${reasons})`;
    const judged = readyCount === 0 ? fault : warn;
    return judged(
      `${saw}${why}`,
      `See \`kubectl ${place} describe pods --selector app.kubernetes.io/component=${toComponent(name)}\` and ${logs}.`,
    );
  }
  if ((workload.status?.updatedReplicas ?? wished) < wished) {
    return warn(
      `${saw}; a roll-out is under way`,
      `Wait for it: \`kubectl ${place} rollout status deployment/${name}\`.`,
    );
  }
  const refusing = pods.filter((pod) => readiness.get(nameOf(pod))?.kind === 'not-ready').map(nameOf);
  if (refusing.length > 0) {
    return warn(
      `${saw}; says of itself that it is not ready: ${listNames(refusing)}`,
      `Its log says what is missing: ${logs}.`,
    );
  }
  const paused = [...readiness.values()].flatMap(readPausedEngines);
  if (paused.length > 0) {
    return warn(
      `${saw}; new stores wait for: ${listNames([...new Set(paused)])}`,
      'Several failed alike. The dashboard shows the cause; new ones go on by themselves once one succeeds.',
    );
  }
  if (restarts.recent > restartsMax) return warn(saw, `Why it ended: ${logs.replace(' --all-pods', ' --previous')}.`);
  return ok(saw);
}

export function judgeVersions(workloads: readonly Workload[], pods: readonly Pod[]): Finding {
  if (workloads.length === 0) return unknown('no service to compare', 'See the lines above.');
  const images = new Set(workloads.map(imageOf));
  const remedy = 'Let a roll-out end, then `helm upgrade` with one image for all of them.';
  if (images.size > 1) {
    const told = workloads.map((each) => `${nameOf(each)} ${imageOf(each)}`);
    return warn(`services differ: ${told.join(', ')}`, remedy);
  }
  const running = pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
  const builds = new Set(
    running.flatMap((pod) => pod.status?.containerStatuses?.map((each) => each.imageID ?? '') ?? []),
  );
  builds.delete('');
  if (builds.size > 1) {
    return warn(
      `pods run ${builds.size} builds of ${[...images].join()}`,
      'Name the image by digest, or restart them: `kubectl rollout restart deployment`.',
    );
  }
  return ok(`all services run ${[...images].join()}`);
}

export function imageOf(workload: Workload): string {
  return workload.spec?.template?.spec?.containers?.[0]?.image ?? '(no image)';
}

/** `urumi-api` is the component `api`. */
function toComponent(name: string): string {
  return name.slice(name.lastIndexOf('-') + 1);
}

function describeRestarts(pods: readonly Pod[], now: number): { readonly text: string; readonly recent: number } {
  const containers = pods.flatMap((pod) => pod.status?.containerStatuses ?? []);
  const all = containers.reduce((sum, each) => sum + (each.restartCount ?? 0), 0);
  const late = containers.filter((each) => now - Date.parse(each.lastState?.terminated?.finishedAt ?? '') < hourMs);
  const reasons = [...new Set(late.map((each) => each.lastState?.terminated?.reason ?? 'for no known reason'))];
  const last = reasons.length > 0 ? `, within the last hour: ${reasons.join(', ')}` : '';
  const text = all === 0 ? 'no restarts' : count(all, 'restart') + last;
  return { text, recent: late.reduce((sum, each) => sum + (each.restartCount ?? 0), 0) };
}

function describeWaiting(pods: readonly Pod[]): string {
  const reasons = pods.flatMap((pod) => {
    if (hasCondition(pod.status?.conditions, 'Ready')) return [];
    const waiting = pod.status?.containerStatuses?.flatMap((each) => each.state?.waiting?.reason ?? []) ?? [];
    const unplaced = pod.status?.conditions?.find(
      (one) => one.type === 'PodScheduled' && one.status === 'False',
    )?.message;
    return [...waiting, ...(unplaced === undefined ? [] : [unplaced])];
  });
  return listNames([...new Set(reasons)]);
}

/** The api's answer is JSON (apps/api health.controller.ts); the others' is a word. */
export function readReadyzBody(readiness: Readiness): {
  readonly redisMemory?: unknown;
  readonly pausedEngines?: unknown;
} {
  if (readiness.kind !== 'ready' || !readiness.body.startsWith('{')) return {};
  return JSON.parse(readiness.body) as { redisMemory?: unknown; pausedEngines?: unknown };
}

function readPausedEngines(readiness: Readiness): string[] {
  const { pausedEngines } = readReadyzBody(readiness);
  return Array.isArray(pausedEngines) ? pausedEngines.map(String) : [];
}
