/**
 * Looks now and then whether the cluster enforces its policies, and tells it: in the log where it changes, by a gauge, by a
 * line of `/readyz`, and to the api. It holds up no shop: an operator decides what to do about it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  protectionKinds,
  unknownProtection,
  type Enforcement,
  type Protection,
  type ProtectionKind,
} from '@urumi/shared/domain/protection';
import type { Logger } from '@urumi/shared/server/ops/logger';
import type { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { Gauge, type Registry } from 'prom-client';

/** One try. It may throw where the cluster does not answer. */
export type Try = (signal: AbortSignal) => Promise<{ readonly enforcement: Enforcement; readonly told: string }>;

export interface ProtectionParts {
  /** Absent where there is nothing to try. */
  readonly tries: Readonly<Partial<Record<ProtectionKind, Try>>>;
  readonly board: Pick<ProtectionBoard, 'write' | 'remove'>;
  /** Name of this process, its own among all workers. */
  readonly worker: string;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Shorter in tests, in milliseconds. */
  readonly pace?: Pace;
}

interface Pace {
  /** Between looks while something is unknown, and while all is known. */
  readonly unknownMs: number;
  readonly knownMs: number;
  /** A policy acts a moment after its pod or its binding is there: what is let through longer than this is missing. */
  readonly graceMs: number;
  readonly graceStepMs: number;
}

const usualPace: Pace = { unknownMs: 20_000, knownMs: 10 * 60_000, graceMs: 30_000, graceStepMs: 2_000 };

const names = { admissionPolicies: 'admission policies', networkPolicies: 'network policies' } as const;

export class ProtectionWatch {
  readonly #parts: ProtectionParts;
  readonly #pace: Pace;
  readonly #gauge: Gauge<'kind'>;
  #found: Protection = unknownProtection;

  constructor(parts: ProtectionParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? usualPace;
    this.#gauge = new Gauge({
      name: 'urumi_protection_enforced',
      help: '1 where the cluster enforces the policies of this kind, 0 where it lets through what they forbid; absent while unknown',
      labelNames: ['kind'],
      registers: [parts.registry],
    });
  }

  /** Lines for `/readyz`. */
  readonly tell = (): readonly string[] => protectionKinds.map((kind) => `${names[kind]}: ${this.#found[kind]}`);

  /** Until the signal aborts; then what it found is taken back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isSaid = await this.#look(signal);
      const isKnown = protectionKinds.every(
        (kind) => this.#parts.tries[kind] === undefined || this.#found[kind] !== 'unknown',
      );
      await rest(isKnown && isSaid ? this.#pace.knownMs : this.#pace.unknownMs, signal);
    }
    // Where Redis is away the line expires by itself.
    await this.#parts.board.remove(this.#parts.worker).catch(() => undefined);
  }

  /** @returns whether others can read what was found */
  async #look(signal: AbortSignal): Promise<boolean> {
    const [admissionPolicies, networkPolicies] = await Promise.all([
      this.#try('admissionPolicies', signal),
      this.#try('networkPolicies', signal),
    ]);
    if (signal.aborted) return false;
    this.#found = { admissionPolicies, networkPolicies };
    try {
      await this.#parts.board.write(this.#parts.worker, this.#found);
      return true;
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'what the policies do could not be written; the next look says it');
      return false;
    }
  }

  /** What is let through is tried again for a while. */
  async #try(kind: ProtectionKind, signal: AbortSignal): Promise<Enforcement> {
    const attempt = this.#parts.tries[kind];
    if (attempt === undefined) return 'unknown';
    const until = performance.now() + this.#pace.graceMs;
    let last = await ask(attempt, signal);
    while (last.enforcement === 'missing' && performance.now() < until && !signal.aborted) {
      await rest(this.#pace.graceStepMs, signal);
      last = await ask(attempt, signal);
    }
    if (!signal.aborted) this.#say(kind, last);
    return last.enforcement;
  }

  #say(
    kind: ProtectionKind,
    { enforcement, told }: { readonly enforcement: Enforcement; readonly told: string },
  ): void {
    if (enforcement === 'unknown') this.#gauge.remove({ kind });
    else this.#gauge.set({ kind }, enforcement === 'enforced' ? 1 : 0);
    if (enforcement === this.#found[kind]) return;
    const { logger } = this.#parts;
    if (enforcement === 'missing') {
      logger.error({ kind, told }, `${names[kind]} are not enforced: shops are not held apart as they should be`);
    } else {
      logger.info({ kind, told }, `${names[kind]}: ${enforcement}`);
    }
  }
}

async function ask(attempt: Try, signal: AbortSignal): ReturnType<Try> {
  try {
    return await attempt(signal);
  } catch (error) {
    return { enforcement: 'unknown', told: error instanceof Error ? error.message : String(error) };
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined); // Only the signal ends it early.
}
