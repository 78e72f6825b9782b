/** How long each step usually takes, from the last stores of an engine that became ready. */
import { Injectable } from '@nestjs/common';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { stepNames, type StepName } from '@urumi/shared/domain/steps';
import { StoreRepository } from '@urumi/shared/server/store/repository';
import { PinoLogger } from 'nestjs-pino';
import { findUsualLength, type UsualLength } from '../metrics/usual-length.ts';

/** Per step, `null` where too little is known. */
export type ExpectedSteps = Readonly<Record<StepName, UsualLength | null>>;
export type ExpectedByEngine = Readonly<Record<EngineId, ExpectedSteps>>;

const freshMs = 5_000;

@Injectable()
export class StepExpectation {
  #known: { readonly at: number; readonly value: ExpectedByEngine } | null = null;

  constructor(
    private readonly repository: StoreRepository,
    private readonly logger: PinoLogger,
  ) {}

  /** Some seconds old at most. A courtesy: where it cannot be read, nothing is expected. */
  async read(): Promise<ExpectedByEngine> {
    if (this.#known !== null && performance.now() - this.#known.at < freshMs) return this.#known.value;
    try {
      const entries = await Promise.all(
        engineIds.map(async (engine) => [engine, toExpected(await this.repository.readStepTimes(engine))] as const),
      );
      const value = Object.fromEntries(entries) as ExpectedByEngine;
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

export const nothingExpected = Object.fromEntries(
  engineIds.map((engine) => [engine, toExpected([])]),
) as ExpectedByEngine;
