/** The faults that Urumi promises to survive, each with the levels at which a test must show it. */

/** U unit, I real Redis and processes, S simulated cluster (real control plane and helm), R real pods. */
export type Level = 'U' | 'I' | 'S' | 'R';

export interface FaultRow {
  readonly id: string;
  readonly fault: string;
  readonly must: string;
  readonly levels: readonly Level[];
}

const row = (id: string, levels: string, fault: string, must: string): FaultRow => ({
  id,
  fault,
  must,
  levels: levels.split('') as Level[],
});

export const faultRows: readonly FaultRow[] = [
  row('F1', 'I', 'the api dies between record and ring', 'one store, rung by the next sweep'),
  row('F2', 'I', 'a POST is repeated', 'same key, same answer; another body is refused'),
  row('F3', 'I', 'same owner and name at once, no key', 'one wins, the others are told'),
  row(
    'F4',
    'IS',
    'a worker is asked to stop during an install',
    'no new job; it ends in its grace or hands the job back',
  ),
  row(
    'F5',
    'S',
    'a worker is killed or frozen',
    'one writer, worked on again within 12 s, nothing left pending, starts are counted',
  ),
  row('F6', 'IS', 'a worker is dead, its helm is not', 'helm ends too; never two writers'),
  row('F7', 'I', 'the event loop is blocked', 'the guard stops helm in time; late events are refused'),
  row(
    'F8',
    'I',
    'Redis cannot be reached during a run',
    'short: the run goes on; long: helm stops, the run is repeated',
  ),
  row('F9', 'I', 'Redis is down at a POST', '503 in a second, nothing half-made, not ready'),
  row(
    'F10',
    'IS',
    'Redis is killed, or loses its tail',
    'nothing accepted is lost; stamps raise older records, none doubled',
  ),
  row('F11', 'S', 'Redis is empty', 'every stamped store is listed again, fences go on'),
  row('F12', 'I', 'wrong eviction policy, memory full', 'start refused; 503 from 80 %, running work completes'),
  row('F13', 'I', 'a replica is promoted, writes are lost', 'as F10; jobs may repeat, stores do not'),
  row('F14', 'S', 'the API server is away', 'status kept, its age shown, never a flap to failed'),
  row('F15', 'I', 'the API server says 429', 'Retry-After is kept, no storm'),
  row('F16', 'IS', 'a watch is closed, too old, or loses a bookmark', 'one new list, nothing missed or doubled'),
  row('F17', 'SR', 'helm succeeds, pods never start', 'the reason from the cluster, failed at the deadline'),
  row('F18', 'S', 'helm fails half-way', 'bounded tries if it may pass, none if it cannot; never left pending'),
  row('F19', 'S', 'a release is found pending', 'the lease holder unlocks it; a live attempt is left alone'),
  row(
    'F20',
    'S',
    'the release record is gone, its objects are not',
    'adopted where the marks match, else refused; no loop',
  ),
  row('F21', 'S', 'a namespace of that name is not ours', 'conflict; neither adopted nor deleted'),
  row('F22', 'S', 'a namespace is deleted by hand', 'failed, NamespaceLost; made again only when asked'),
  row('F23', 'S', 'a deletion while a create runs', 'the create stops; nothing is left'),
  row('F24', 'IS', 'a name is used again while its store is deleted', '409 until it is gone; namespaces cannot clash'),
  row('F25', 'S', 'a dead aggregated API blocks a deletion', 'the APIService is named; nothing is forced'),
  row(
    'F26',
    'S',
    'a finalizer blocks a deletion',
    'object and finalizer are named, with the command for an administrator',
  ),
  row('F27', 'S', 'a volume is left Released', 'listed and counted; not deleted by the platform'),
  row('F28', 'S', 'an orphan: namespace, record, job or host', 'all found; stamped namespaces get a record again'),
  row('F29', 'R', 'set-up breaks half-way', 'it is run again: one administrator, one set of products'),
  row('F30', 'S', 'the set-up Job is gone after success', 'stays ready'),
  row(
    'F31',
    'R',
    'the database restarts, or its volume is lost',
    'ready again; lost data is said, never filled anew silently',
  ),
  row('F32', 'R', 'Secret and volume disagree about the password', 'named, not tried again'),
  row('F33', 'S', 'quota or node full', 'refused with numbers, or accepted and parked with the reason'),
  row('F34', 'SR', 'images cannot be pulled', 'the reason, a pause between tries; new creates wait if many fail alike'),
  row('F35', 'I', 'a job that ends its worker', 'failed after its starts, blocks nobody, cause on the board'),
  row('F36', 'S', 'very many creates at once', 'fair between owners, flat memory, a quick API server'),
  row('F37', 'IS', 'several replicas of api and reconciler', 'same result as one'),
  row('F38', 'UI', 'the clock jumps', 'no early take-over, no missed renewal'),
  row('F39', 'I', "a worker's disk is full", 'bounded space, cleaned; the reason'),
  row('F40', 'UI', 'mixed versions during a rollout', 'unknown jobs and newer records wait, they do not fail'),
  row('F41', 'S', 'quota, policy or route is edited', 'found in one resync; security repaired, the rest reported'),
  row('F42', 'IS', 'a host is taken already', 'refused before any object exists'),
  row('F43', 'R', 'DNS or certificate is missing', 'ready; not reachable from outside is shown apart'),
  row('F44', 'IS', 'a flood of logs or events', 'bounded timeline, a limit per store'),
];
