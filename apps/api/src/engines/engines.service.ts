/**
 * Knows which engines this installation can make stores of, and why not the others. What the operator configured holds; else
 * what is known now, which may change from request to request; else what a fresh installation can do.
 */
import { Inject, Injectable } from '@nestjs/common';
import { engineIds, engines, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { DomainError } from '@urumi/shared/domain/errors';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { apiConfig, type ApiConfig } from '../config.ts';
import type { EngineListView } from './engine.dto.ts';

interface Availability {
  readonly version: string | null;
  /** `null` where the engine is available. */
  readonly unavailableReason: string | null;
}

const reasonWithoutArchive =
  'The archive of the WooCommerce plugin was not given. Your operator names it in woocommerce.json in the state folder of Urumi.';

/** Until somebody says otherwise. */
const firstReasons: Readonly<Record<EngineId, string | null>> = { woocommerce: reasonWithoutArchive, medusa: null };

@Injectable()
export class EnginesService {
  constructor(
    @Inject(apiConfig) private readonly config: ApiConfig,
    private readonly repository: StoreRepository,
  ) {}

  /** @throws DomainError `redis.unavailable` */
  async list(): Promise<EngineListView> {
    const found = await this.#readAll();
    return {
      items: engineIds.map((id) => {
        const { title, description } = engines[id];
        const { version, unavailableReason } = found[id];
        return { id, title, description, version, available: unavailableReason === null, unavailableReason };
      }),
    };
  }

  /**
   * @returns `engine.unavailable` with the reason, `null` where stores of this engine can be made
   * @throws DomainError `redis.unavailable`
   */
  async findObstacle(id: EngineId): Promise<DomainError | null> {
    const { unavailableReason: reason } = (await this.#readAll())[id];
    return reason === null ? null : new DomainError('engine.unavailable', { engine: engines[id].title, reason });
  }

  async #readAll(): Promise<Readonly<Record<EngineId, Availability>>> {
    const known = await this.repository.readEngineAvailability();
    const configured = this.config.enginesUnavailable;
    const judge = (id: EngineId): Availability => {
      const now = known[id];
      const current =
        now === undefined ? firstReasons[id] : now.available ? null : (now.reason ?? 'It is not ready yet.');
      return {
        version: now?.version ?? engines[id].version,
        unavailableReason: configured === null ? current : (configured[id] ?? null),
      };
    };
    return { woocommerce: judge('woocommerce'), medusa: judge('medusa') };
  }
}
