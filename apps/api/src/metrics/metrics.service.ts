/** Counts for the dashboard's summary. */
import { Injectable } from '@nestjs/common';
import { ProtectionBoard } from '@urumi/shared/server/store/protection-board';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import type { CallerIdentity } from '../auth/caller.ts';
import { QueueReader } from '../queues/queue-reader.ts';
import { findMedian, findUsualLength, listReadyLengths } from './usual-length.ts';
import type { MetricsView } from './metrics.dto.ts';

const sampleMax = 100;

type ReadyLengths = Pick<MetricsView, 'medianReadyMs' | 'slowReadyMs'>;

@Injectable()
export class MetricsService {
  /** The lengths are worth reading a hundred records only when one of them changed. */
  readonly #lengths = new Map<string, { readonly version: string; readonly ready: ReadyLengths }>();

  constructor(
    private readonly repository: StoreRepository,
    private readonly queue: QueueReader,
    private readonly board: ProtectionBoard,
  ) {}

  async read({ owner }: CallerIdentity): Promise<MetricsView> {
    const [counts, queue, lastPass, routeFault, protection, lengths] = await Promise.all([
      this.repository.countByStatus(owner),
      this.queue.count(),
      this.repository.readLastPass(),
      this.repository.readRouteFault(),
      this.board.read(),
      this.#readLengths(owner),
    ]);
    const { queued, provisioning, ready, degraded, failed, deleting } = counts;
    return {
      stores: { queued, provisioning, ready, degraded, failed, deleting },
      queue: { ...queue },
      lastPassAt: toIsoOrNull(lastPass),
      routeAtFaultSince: toIsoOrNull(routeFault),
      protection: { ...protection },
      ...lengths,
    };
  }

  async #readLengths(owner: string): Promise<ReadyLengths> {
    const version = await this.repository.listVersion(owner);
    const known = this.#lengths.get(owner);
    if (known?.version === version) return known.ready;
    const { records } = await this.repository.list({ owner, limit: sampleMax });
    const lengths = listReadyLengths(records);
    const ready = { medianReadyMs: findMedian(lengths), slowReadyMs: findUsualLength(lengths)?.slowMs ?? null };
    this.#lengths.set(owner, { version, ready });
    return ready;
  }
}

function toIsoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
