/** Engine cards. One that cannot be chosen stays in reach of the keyboard, with its reason. */
import type { UseFormRegisterReturn } from 'react-hook-form';
import type { EngineView } from '../../api/generated/types.gen.ts';
import { ChoiceCard, ChoiceGroup } from '../../components/choice-card.tsx';
import { Skeleton, SkeletonLabel } from '../../components/skeleton.tsx';

export interface EngineChoiceProps {
  readonly engines: readonly EngineView[] | null;
  readonly value: string;
  readonly field: UseFormRegisterReturn<'engine'>;
  readonly fault: string | undefined;
}

export function EngineChoice({ engines, value, field, fault }: EngineChoiceProps) {
  return (
    <ChoiceGroup id="engine-choice" legend="Engine" fault={fault}>
      {engines === null ? (
        <>
          <SkeletonLabel>Loading engines</SkeletonLabel>
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </>
      ) : (
        [...engines]
          .sort((a, b) => Number(b.available) - Number(a.available))
          .map((engine) => (
            <ChoiceCard
              key={engine.id}
              field={field}
              value={engine.id}
              checked={value === engine.id}
              unavailable={!engine.available}
              title={engine.title}
              {...(engine.version === null ? {} : { aside: engine.version })}
              note={
                engine.available
                  ? null
                  : (engine.unavailableReason ?? 'It cannot be chosen here yet. Ask your operator.')
              }
            >
              {engine.description}
            </ChoiceCard>
          ))
      )}
    </ChoiceGroup>
  );
}
