import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { findNameFault } from '@urumi/shared/domain/names';
import { planIds, type PlanId } from '@urumi/shared/domain/plans';
import { engineIds, engines, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { emptyAttempt, emptyObserved, emptyRelease, type StoreRecord } from '@urumi/shared/domain/store';
import { buildStoreValues, parseInstallationValues } from './values.ts';

const chart = new URL('../../../../charts/ecommerce-store/', import.meta.url);
const readChartFile = (name: string) => readFileSync(new URL(name, chart), 'utf8');
const fits = new Ajv({ strict: false }).compile(JSON.parse(readChartFile('values.schema.json')) as object);

function buildRecord(change: { engine?: EngineId; plan?: PlanId; name?: string } = {}): StoreRecord {
  return {
    identity: {
      id: 'abcdefgh',
      name: change.name ?? 'Shop',
      owner: 'o',
      engine: change.engine ?? 'medusa',
      createdAt: 0,
    },
    desired: {
      intent: 'present',
      generation: 3,
      plan: change.plan ?? 'S',
      host: 'abcdefgh.localhost',
      formerHosts: [],
      setupRun: 2,
      recreateAllowed: false,
      halted: false,
      requestedAt: 0,
    },
    attempt: emptyAttempt,
    release: emptyRelease,
    observed: emptyObserved,
    status: { value: 'queued', reason: 'AwaitingWorker', since: 0, settled: false },
  };
}

describe.each(engineIds)('the figures that people see of %s', (engine) => {
  const sizes = parse(readChartFile('files/sizes.yaml')) as Record<string, Record<PlanId, Record<string, unknown>>>;

  it.each(planIds)('are those of the chart: %s', (plan) => {
    const { setup: _passing, claims, ...rows } = sizes[engine]?.[plan] ?? {};
    const requests = Object.values(rows).map((row) => (row as { memoryRequest?: number }).memoryRequest ?? 0);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    expect(engines[engine].footprint[plan]).toEqual({
      memoryMiB: sum(requests),
      storageGiB: sum(Object.values(claims as Record<string, number>)),
    });
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(['database', ...engines[engine].workloads]));
  });
});

describe('the values of a store', () => {
  for (const engine of engineIds) {
    for (const plan of planIds) {
      it(`fit the schema of the chart: ${engine}, ${plan}`, () => {
        fits(buildStoreValues({}, buildRecord({ engine, plan })));
        expect(fits.errors).toBeNull();
      });
    }
  }

  it.each(['values-local.yaml', 'values-prod.yaml'])('fit the schema with what %s passes to every shop', (file) => {
    const installation = parseInstallationValues(parse(readChartFile(file)));
    fits(buildStoreValues(installation, buildRecord()));
    expect(fits.errors).toBeNull();
  });

  it('fit the schema for every name a store may have, and hold it unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 63 }), (name) => {
        fc.pre(findNameFault(name) === null);
        const values = buildStoreValues({}, buildRecord({ name }));
        expect(fits(values)).toBe(true);
        expect(JSON.parse(JSON.stringify(values))).toMatchObject({ shop: { name } });
      }),
    );
  });

  it('are the store’s own where the installation passes the same section', () => {
    const installation = parseInstallationValues({ shop: { currency: 'INR', name: 'everyone' } });
    expect(buildStoreValues(installation, buildRecord())).toMatchObject({ shop: { currency: 'INR', name: 'Shop' } });
  });

  it.each(['engine', 'host', 'size', 'urumi', 'extraHosts', 'existingSecrets', 'unknown'])(
    'an installation cannot set %s for every shop',
    (key) => {
      expect(() => parseInstallationValues({ [key]: {} })).toThrow(key);
    },
  );

  it('an installation can set whatever the platform chart takes for its stores', () => {
    const schema = JSON.parse(readChartFile('../platform/values.schema.json')) as {
      properties: { stores: { properties: object } };
    };
    const sections = Object.fromEntries(Object.keys(schema.properties.stores.properties).map((key) => [key, {}]));
    expect(parseInstallationValues(sections)).toEqual(sections);
  });

  it('an empty file passes nothing', () => {
    expect(parseInstallationValues(null)).toEqual({});
  });
});
