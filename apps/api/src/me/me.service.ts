/** Puts together what the dashboard needs first: caller, quota, and how far the cluster is. */
import { Inject, Injectable } from '@nestjs/common';
import { StoreRepository, type ClusterProgress } from '@urumi/shared/server/store/repository';
import type { CallerIdentity } from '../auth/caller.ts';
import { apiConfig, type ApiConfig } from '../config.ts';
import type { ClusterView, MeView } from './me.dto.ts';

@Injectable()
export class MeService {
  constructor(
    @Inject(apiConfig) private readonly config: ApiConfig,
    private readonly repository: StoreRepository,
  ) {}

  async read({ name, owner, role }: CallerIdentity): Promise<MeView> {
    const [counts, progress, gateIsOpen] = await Promise.all([
      this.repository.countByStatus(owner),
      this.repository.readClusterProgress(),
      this.repository.isGateOpen(),
    ]);
    const stores = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return {
      name,
      owner,
      role,
      quota: { stores, storesMax: this.config.storesMax },
      cluster: toClusterView(progress, gateIsOpen),
      baseDomain: this.config.baseDomain,
    };
  }
}

/** Where nobody brings the cluster up, the gate says whether it takes stores. */
function toClusterView(progress: ClusterProgress | null, gateIsOpen: boolean): ClusterView {
  if (progress !== null) {
    const { ready, step, label, percent, secondsLeft } = progress;
    return { ready, step, label, percent, secondsLeft };
  }
  return gateIsOpen
    ? { ready: true, step: 'ready', label: 'The cluster takes stores', percent: 100, secondsLeft: null }
    : { ready: false, step: 'waiting', label: 'Waiting for the cluster', percent: 0, secondsLeft: null };
}
