/** Makes the typed client from the api's committed description. `client-drift.spec.ts` fails when the two differ. */
import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../api/openapi.json',
  output: {
    path: process.env['CLIENT_DIRECTORY'] ?? 'src/api/generated',
    entryFile: false,
    importFileExtension: '.ts',
  },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
