/**
 * How long each step usually takes, from the last stores of one engine and size that became ready. Other sizes say nothing
 * about it: where too few of this one are known, nothing is expected.
 */
import { Injectable } from '@nestjs/common';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { stepNames, type StepName } from '@urumi/shared/domain/steps';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { PinoLogger } from 'nestjs-pino';
import { findUsualLength, type UsualLength } from '../metrics/usual-length.ts';

/** Per step, `null` where too little is known. Plain values, for lists are tagged by them. */
export type ExpectedSteps = Readonly<Record<StepName, UsualLength | null>>;
export type ExpectedByKind = Readonly<Record<`${EngineId} ${PlanId}`, ExpectedSteps>>;

const freshMs = 5_000;
const kinds = engineIds.flatMap((engine) =>
  planIds.map((plan) => ({ engine, plan, name: `${engine} ${plan}` as const })),
);

@Injectable()
export class StepExpectation {
  #known: { readonly at: number; readonly value: ExpectedByKind } | null = null;

  constructor(
    private readonly repository: StoreRepository,
    private readonly logger: PinoLogger,
  ) {}

  /** Some seconds old at most. A courtesy: where it cannot be read, nothing is expected. */
  async read(): Promise<ExpectedByKind> {
    if (this.#known !== null && performance.now() - this.#known.at < freshMs) return this.#known.value;
    try {
      const entries = await Promise.all(
        kinds.map(
          async (kind) => [kind.name, toExpected(await this.repository.readStepTimes(kind.engine, kind.plan))] as const,
        ),
      );
      const value = Object.fromEntries(entries) as ExpectedByKind;
      this.#known = { at: performance.now(), value };
      return value;
    } catch (error) {
      this.logger.warn({ err: error }, 'the usual lengths of steps could not be read');
      return this.#known?.value ?? nothingExpected;
    }
  }
}

export function toExpected(runs: readonly Readonly<Record<StepName, number>>[]): ExpectedSteps {
  const expected = stepNames.map((name) => [name, findUsualLength(runs.map((run) => run[name]))] as const);
  return Object.fromEntries(expected) as Record<StepName, UsualLength | null>;
}

const nothingExpected = Object.fromEntries(kinds.map(({ name }) => [name, toExpected([])])) as ExpectedByKind;
