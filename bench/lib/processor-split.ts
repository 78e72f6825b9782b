/**
 * Who used the processors between two moments: the cluster's programs by their names, Urumi's services by their pods, helm
 * by what its dead children left to who waited for them, and the rest by what the whole machine used.
 */
import { readFileSync } from 'node:fs';
import { listPids } from '../../e2e/support/processes.ts';

export const users = [
  'apiserver',
  'etcd',
  'kwok',
  'controllers',
  'helm',
  'worker',
  'reconciler',
  'api',
  'redis',
  'bench',
  'other',
] as const;
export type User = (typeof users)[number];
/** Seconds of one processor. */
export type Split = Readonly<Record<User, number>>;

const programs: Readonly<Record<string, User>> = {
  'kube-apiserver': 'apiserver',
  etcd: 'etcd',
  kwok: 'kwok',
  'kube-controller-manager': 'controllers',
  'kube-scheduler': 'controllers',
};

/** What a machine's clock of processor time counts in: 10 ms on every Linux that Node runs on. */
const ticksPerSecond = 100;

interface Process {
  readonly name: string;
  /** As `/proc/PID/stat` has them, in ticks: its own, and those of the children that it waited for. */
  readonly own: number;
  readonly children: number;
}

/** @param stat  of `/proc/PID/stat`: the name stands in brackets and may hold blanks and brackets itself */
export function parseProcess(stat: string): Process {
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const at = (index: number): number => Number(fields[index - 3] ?? 0);
  return { name: stat.slice(stat.indexOf('(') + 1, end), own: at(14) + at(15), children: at(16) + at(17) };
}

/** The first line of `/proc/stat`: ticks that were not idle. Guests' time is part of the users' already. */
export function parseBusyTicks(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (stat.split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq;
}

/** @param podUsers  of uid of a pod, whose pod it is */
export async function readSplit(podUsers: ReadonlyMap<string, User>): Promise<Split> {
  const ticks = Object.fromEntries(users.map((user) => [user, 0])) as Record<User, number>;
  for (const pid of await listPids()) {
    const stat = readProcess(pid, 'stat');
    if (stat === '') continue;
    const { name, own, children } = parseProcess(stat);
    const [, uid = ''] = /pod([0-9a-f-]{36})/.exec(readProcess(pid, 'cgroup')) ?? [];
    // The kernel keeps 15 characters of a name.
    const program = Object.keys(programs).find((one) => one.slice(0, 15) === name);
    const user = podUsers.get(uid) ?? (program === undefined ? undefined : programs[program]);
    if (pid === process.pid) ticks.bench += own;
    else if (user !== undefined) ticks[user] += own;
    // Only a worker, and this process for the rival, has children that end meanwhile: helm and the little around it.
    if (pid === process.pid || user === 'worker') ticks.helm += children;
  }
  const known = Object.values(ticks).reduce((sum, one) => sum + one, 0);
  ticks.other = parseBusyTicks(readFileSync('/proc/stat', 'utf8')) - known;
  return mapSplit((user) => ticks[user] / ticksPerSecond);
}

export function subtract(after: Split, before: Split): Split {
  return mapSplit((user) => after[user] - before[user]);
}

export function mapSplit(toValue: (user: User) => number): Split {
  return Object.fromEntries(users.map((user) => [user, toValue(user)])) as unknown as Split;
}

/** Processes that helm's name is on. */
export async function countHelms(): Promise<number> {
  return (await listPids()).filter((pid) => readProcess(pid, 'comm') === 'helm\n').length;
}

function readProcess(pid: number, file: 'stat' | 'cgroup' | 'comm'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    // It has ended since it was listed.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code)))
      return '';
    throw error;
  }
}
