/** The cluster itself: its version, its nodes, and whether its clocks and this machine's agree. */
import { count, fault, listNames, ok, unknown, warn, type Finding } from './finding.ts';
import { hasCondition, nameOf, type Lease, type Node } from './objects.ts';

/** Minor versions of Kubernetes 1: below the first the charts refuse, from the second on they are tested. */
const chartsMinor = 31;
const testedMinor = 34;

const secondMs = 1_000;
const aheadMaxMs = 5 * secondMs;
/** A node renews its lease every 10 s, and a healthy cluster may miss some. */
const staleMaxMs = 60 * secondMs;

export interface VersionAnswer {
  readonly serverVersion?: { readonly major?: string; readonly minor?: string; readonly gitVersion?: string };
}

export function judgeVersion({ serverVersion }: VersionAnswer): Finding {
  const { major = '', minor = '', gitVersion = '' } = serverVersion ?? {};
  // Some providers write `34+`.
  const number = Number.parseInt(minor, 10);
  if (Number.isNaN(number)) return unknown('answers, and does not tell its version', 'Look at `kubectl version`.');
  const saw = `answers; Kubernetes ${gitVersion}`;
  if (major !== '1' || number >= testedMinor) return ok(saw);
  const remedy = `Bring the cluster to Kubernetes 1.${testedMinor} or newer.`;
  if (number < chartsMinor) return fault(`${saw}, which the charts refuse`, remedy);
  return warn(`${saw}, older than what Urumi is tested on`, remedy);
}

export function judgeNodes(nodes: readonly Node[]): Finding {
  if (nodes.length === 0) return fault('there is none, so no pod can run', 'Add a node to the cluster.');
  const isReady = (node: Node) => hasCondition(node.status?.conditions, 'Ready');
  const down = nodes.filter((node) => !isReady(node)).map(nameOf);
  const look = 'See `kubectl describe node NAME`';
  if (down.length === nodes.length)
    return fault(`none of ${nodes.length} is ready`, `${look}: its conditions say why.`);
  const cordoned = nodes.filter((node) => node.spec?.unschedulable === true).map(nameOf);
  if (cordoned.length === nodes.length) {
    return fault(`all ${nodes.length} are cordoned, so no new pod can run`, 'Give one back: `kubectl uncordon NAME`.');
  }
  if (down.length > 0)
    return warn(`not ready: ${listNames(down)}; of ${nodes.length}`, `${look}: its conditions say why.`);
  const pressed = nodes.filter((node) =>
    ['MemoryPressure', 'DiskPressure', 'PIDPressure'].some((type) => hasCondition(node.status?.conditions, type)),
  );
  if (pressed.length > 0) {
    return warn(
      `short of memory, disk or processes: ${listNames(pressed.map(nameOf))}`,
      `${look}, and free or add some.`,
    );
  }
  const aside = cordoned.length > 0 ? ` (cordoned: ${listNames(cordoned)})` : '';
  return ok(`${count(nodes.length, 'node')} ready${aside}`);
}

export interface ClockFacts {
  readonly nodes: readonly Node[];
  readonly leases: readonly Lease[];
  /** This machine's clock when the leases were asked for and when they were there, in milliseconds. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** A node that is ready renews its lease, so the time it wrote there last is its clock's, at most some seconds old. */
export function judgeClocks({ nodes, leases, askedAt, answeredAt }: ClockFacts): Finding {
  const ready = new Set(nodes.filter((node) => hasCondition(node.status?.conditions, 'Ready')).map(nameOf));
  const seen = leases.flatMap((lease) => {
    const at = Date.parse(lease.spec?.renewTime ?? '');
    return ready.has(nameOf(lease)) && !Number.isNaN(at) ? [{ name: nameOf(lease), at }] : [];
  });
  if (seen.length === 0) {
    return unknown('no ready node has a lease that would show its clock', 'Compare `date -u` on the nodes by hand.');
  }
  const ahead = seen.filter(({ at }) => at - answeredAt > aheadMaxMs);
  const behind = seen.filter(({ at }) => askedAt - at > staleMaxMs);
  const off = [...ahead, ...behind];
  if (off.length === 0) return ok(`of ${count(seen.length, 'node')} and this machine agree`);
  const told = off.map(({ name, at }) =>
    at > answeredAt ? `${name} is ${toSeconds(at - answeredAt)} ahead` : `${name} is ${toSeconds(askedAt - at)} behind`,
  );
  const sameWay = off.length === seen.length && (ahead.length === 0 || behind.length === 0);
  const whose = sameWay ? "Perhaps it is this machine's clock: compare" : 'Compare';
  return warn(
    `differ from this machine's: ${listNames(told)}`,
    `${whose} \`date -u\`, and let a time service (NTP) set it.`,
  );
}

function toSeconds(ms: number): string {
  return `${Math.round(ms / secondMs)} s`;
}
