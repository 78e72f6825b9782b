/**
 * What this process has seen with its own eyes, by its own monotonic clock: since when it watches a wish, which container
 * crashed a moment ago, which claim waits. Lost at a restart on purpose: no deadline may rest on what nobody watched.
 */
import type { JobFacts, PodFacts } from '../watch/facts.ts';
import type { StoreFacts } from '../watch/cluster-view.ts';
import { isCrashLooping, toContainerKey } from './assess/pod.ts';

/** A container that crashed so recently is still looping, though it runs. */
const crashMemoryMs = 60_000;
/** After a gap in contact as long as this, watching begins anew. */
const gapMs = 30_000;

interface Memory {
  generation: number;
  watchedSince: number;
  lookedAt: number;
  pageFailingSince: number | null;
  podsMissingSince: number | null;
  jobsAbsentGeneration: number;
  readonly crashedAt: Map<string, number>;
  readonly claimWaitsSince: Map<string, number>;
}

export class Witness {
  readonly #now: () => number;
  readonly #memories = new Map<string, Memory>();

  /** @param now  monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a look at a store while in contact with the cluster. */
  look(storeId: string, generation: number, facts: StoreFacts): void {
    const now = this.#now();
    const known = this.#memories.get(storeId);
    const memory = known && now - known.lookedAt <= gapMs ? known : remember(generation, now);
    if (memory.generation !== generation) {
      memory.generation = generation;
      memory.watchedSince = now;
    }
    memory.lookedAt = now;
    for (const pod of facts.pods) noteCrashes(memory, pod, now);
    for (const [key, at] of memory.crashedAt) if (now - at > crashMemoryMs) memory.crashedAt.delete(key);
    const waiting = new Set(facts.claims.filter(({ phase }) => phase === 'Pending').map(({ name }) => name));
    for (const name of waiting) if (!memory.claimWaitsSince.has(name)) memory.claimWaitsSince.set(name, now);
    for (const name of memory.claimWaitsSince.keys()) if (!waiting.has(name)) memory.claimWaitsSince.delete(name);
    memory.podsMissingSince = findsPodsMissing(facts) ? (memory.podsMissingSince ?? now) : null;
    this.#memories.set(storeId, memory);
  }

  /** How long this process has watched the store's present wish without a gap. */
  watchedMs(storeId: string): number {
    const memory = this.#memories.get(storeId);
    return memory ? this.#now() - memory.watchedSince : 0;
  }

  crashLoops(storeId: string): ReadonlySet<string> {
    return new Set(this.#memories.get(storeId)?.crashedAt.keys());
  }

  /** Claims that have waited for `graceMs` or longer. */
  lateClaims(storeId: string, graceMs: number): ReadonlySet<string> {
    const waits = [...(this.#memories.get(storeId)?.claimWaitsSince ?? [])];
    return new Set(waits.filter(([, since]) => this.#now() - since >= graceMs).map(([name]) => name));
  }

  /** How long a workload or Job that wants pods has had none; 0 where all have. */
  podsMissingMs(storeId: string): number {
    const since = this.#memories.get(storeId)?.podsMissingSince ?? null;
    return since === null ? 0 : this.#now() - since;
  }

  /** Notes what the page did. */
  notePage(storeId: string, passed: boolean): void {
    const memory = this.#memories.get(storeId);
    if (memory) memory.pageFailingSince = passed ? null : (memory.pageFailingSince ?? this.#now());
  }

  /** How long the page has failed, 0 where it passed or was not asked. */
  pageFailingMs(storeId: string): number {
    const since = this.#memories.get(storeId)?.pageFailingSince ?? null;
    return since === null ? 0 : this.#now() - since;
  }

  /** Notes that a direct read found no setup Job of this generation. */
  noteJobsAbsent(storeId: string, generation: number): void {
    const memory = this.#memories.get(storeId);
    if (memory) memory.jobsAbsentGeneration = generation;
  }

  hasSeenJobsAbsent(storeId: string, generation: number): boolean {
    return this.#memories.get(storeId)?.jobsAbsentGeneration === generation;
  }

  forget(storeId: string): void {
    this.#memories.delete(storeId);
  }
}

function remember(generation: number, now: number): Memory {
  return {
    generation,
    watchedSince: now,
    lookedAt: now,
    pageFailingSince: null,
    podsMissingSince: null,
    jobsAbsentGeneration: 0,
    crashedAt: new Map(),
    claimWaitsSince: new Map(),
  };
}

function noteCrashes(memory: Memory, pod: PodFacts, now: number): void {
  for (const container of pod.containers) {
    const key = toContainerKey(pod, container);
    if (isCrashLooping(container)) memory.crashedAt.set(key, now);
    else if (container.isReady) memory.crashedAt.delete(key);
  }
}

function findsPodsMissing({ workloads, jobs, pods }: StoreFacts): boolean {
  const has = (owner: string): boolean => pods.some(({ name }) => name.startsWith(`${owner}-`));
  return (
    workloads.some(({ name, replicas, isTerminating }) => replicas > 0 && !isTerminating && !has(name)) ||
    jobs.some((job) => !isFinished(job) && !job.isTerminating && !has(job.name))
  );
}

function isFinished(job: JobFacts): boolean {
  return job.isComplete || job.failure !== null;
}
