/** Counts for the dashboard's summary. */
import { Injectable } from '@nestjs/common';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import type { CallerIdentity } from '../auth/caller.ts';
import { QueueReader } from '../queues/queue-reader.ts';
import { findMedianReadyMs } from './median.ts';
import type { MetricsView } from './metrics.dto.ts';

const sampleMax = 100;

@Injectable()
export class MetricsService {
  /** The median is worth reading a hundred records only when one of them changed. */
  readonly #medians = new Map<string, { readonly version: string; readonly medianMs: number | null }>();

  constructor(
    private readonly repository: StoreRepository,
    private readonly queue: QueueReader,
  ) {}

  async read({ owner }: CallerIdentity): Promise<MetricsView> {
    const [counts, queue, lastPass, medianReadyMs] = await Promise.all([
      this.repository.countByStatus(owner),
      this.queue.count(),
      this.repository.readLastPass(),
      this.#readMedian(owner),
    ]);
    const { queued, provisioning, ready, degraded, failed, deleting } = counts;
    return {
      stores: { queued, provisioning, ready, degraded, failed, deleting },
      queue: { ...queue },
      lastPassAt: lastPass === null ? null : new Date(lastPass).toISOString(),
      medianReadyMs,
    };
  }

  async #readMedian(owner: string): Promise<number | null> {
    const version = await this.repository.listVersion(owner);
    const known = this.#medians.get(owner);
    if (known?.version === version) return known.medianMs;
    const { records } = await this.repository.list({ owner, limit: sampleMax });
    const medianMs = findMedianReadyMs(records);
    this.#medians.set(owner, { version, medianMs });
    return medianMs;
  }
}
