/** Knows which engines this installation can run, and why not the others. */
import { Inject, Injectable } from '@nestjs/common';
import { engineIds, engines, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { DomainError } from '@urumi/shared/domain/errors';
import { apiConfig, type ApiConfig } from '../config.ts';
import type { EngineListView } from './engine.dto.ts';

@Injectable()
export class EnginesService {
  constructor(@Inject(apiConfig) private readonly config: ApiConfig) {}

  list(): EngineListView {
    return {
      items: engineIds.map((id) => {
        const { title, description, version } = engines[id];
        const unavailableReason = this.config.enginesUnavailable[id] ?? null;
        return { id, title, description, version, available: unavailableReason === null, unavailableReason };
      }),
    };
  }

  /** @throws DomainError `engine.unavailable` with the configured reason */
  assertAvailable(id: EngineId): void {
    const reason = this.config.enginesUnavailable[id];
    if (reason !== undefined) throw new DomainError('engine.unavailable', { engine: engines[id].title, reason });
  }
}
