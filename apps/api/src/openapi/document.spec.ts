import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { buildOpenApi, formatOpenApi } from './document.ts';

describe('openapi.json', () => {
  it('is what the controllers say (pnpm --filter @urumi/api openapi writes it)', async () => {
    const committed = await readFile(new URL('../../openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(formatOpenApi(await buildOpenApi()));
  });

  it('documents problem+json for every operation', async () => {
    const { paths } = await buildOpenApi();
    const operations = Object.values(paths).flatMap((item) => Object.values(item) as { responses?: object }[]);
    expect(operations.length).toBeGreaterThan(10);
    for (const operation of operations) {
      expect(operation.responses).toHaveProperty(['default', 'content', 'application/problem+json']);
    }
  });
});
