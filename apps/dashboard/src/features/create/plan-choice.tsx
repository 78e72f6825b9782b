/** Sizes with their numbers, and what of the limit is used. Near the limit it warns, over it says what is missing. */
import type { EngineId } from '@urumi/shared/domain/engines/catalog';
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { MeView, PlanView } from '../../api/generated/types.gen.ts';
import { ChoiceCard, ChoiceGroup } from '../../components/choice-card.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';
import { errorTexts } from '../../lib/error-text.ts';
import { formatMemory } from '../../lib/format-size.ts';

export interface PlanChoiceProps {
  readonly plans: readonly PlanView[] | null;
  readonly value: string;
  readonly engine: EngineId;
  readonly quota: MeView['quota'] | null;
  readonly field: UseFormRegisterReturn<'plan'>;
  readonly fault: string | undefined;
}

/** From this share of the limit on, the numbers are shown as a warning. */
const warnShare = 0.8;

export function PlanChoice({ plans, value, engine, quota, field, fault }: PlanChoiceProps) {
  return (
    <div>
      <ChoiceGroup id="plan-choice" legend="Size" fault={fault} columns={3}>
        {plans === null ? (
          <>
            <SkeletonLabel>Loading sizes</SkeletonLabel>
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
            <Skeleton className="h-24" />
          </>
        ) : (
          plans.map((plan) => (
            <ChoiceCard
              key={plan.id}
              field={field}
              value={plan.id}
              checked={value === plan.id}
              title={plan.title}
              aside={plan.id}
            >
              <span className="block text-ink">{formatMemory(plan.footprint[engine].memoryMiB)} memory</span>
              <span className="block text-ink">{plan.footprint[engine].storageGiB} GB disk</span>
              <span className="mt-1 block">{plan.summary}</span>
            </ChoiceCard>
          ))
        )}
      </ChoiceGroup>
      {quota !== null && <QuotaLine quota={quota} />}
    </div>
  );
}

function QuotaLine({ quota }: { readonly quota: MeView['quota'] }) {
  const { stores, storesMax } = quota;
  if (stores >= storesMax) {
    return (
      <p className="mt-2 text-sm text-warn">{errorTexts['quota.stores-exceeded'].sentence({ stores, storesMax })}</p>
    );
  }
  const near = (stores + 1) / storesMax > warnShare;
  return (
    <p className={`mt-2 text-sm ${near ? 'text-warn' : 'text-muted'}`}>
      {stores} of {storesMax} stores used; this adds 1.
    </p>
  );
}
