/** Writes `openapi.json` beside the package; the dashboard's client is generated from it. */
import { writeFile } from 'node:fs/promises';
import 'reflect-metadata';
import { buildOpenApi, formatOpenApi } from './document.ts';

await writeFile(new URL('../../openapi.json', import.meta.url), formatOpenApi(await buildOpenApi()));
