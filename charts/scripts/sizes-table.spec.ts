import { describe, expect, it } from 'vitest';
import { toSizesTable } from './sizes-table.ts';

describe('the table of sizes', () => {
  it('has a row for each component, with its volume and what its memory holds', () => {
    const table = toSizesTable(`
woocommerce:
  S:
    web: { cpuRequest: 50, cpuLimit: 2000, memoryRequest: 256, memoryLimit: 640 }
    database: { cpuRequest: 50, cpuLimit: 1000, memoryRequest: 160, memoryLimit: 256 }
    claims: { database: 2, uploads: 3 }
    phpWorkers: 4
    databaseBuffers: 64
`);
    expect(table.split('\n').slice(2)).toEqual([
      '| woocommerce | S | `web` | 0.05 to 2 | 256 to 640 | 3 | 4 PHP workers |',
      '| woocommerce | S | `database` | 0.05 to 1 | 160 to 256 | 2 | buffers of 64 MiB |',
    ]);
  });
});
