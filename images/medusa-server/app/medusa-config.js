/**
 * Medusa's configuration for a shop made by Urumi: everything comes from the environment and from secret files,
 * so one image serves every shop. Read at image build time too (for the admin), when no secret exists yet.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { defineConfig } = require('@medusajs/framework/utils');

const secretsFolder = process.env.URUMI_SECRETS || '/run/secrets/urumi';
const storeUrl = (process.env.STORE_URL || 'http://localhost:9000').replace(/\/+$/, '');
const isHttps = storeUrl.startsWith('https://');

/** A secret's text, or undefined where the file is absent: Medusa itself refuses to start without its secrets. */
function secret(name) {
  try {
    return readFileSync(join(secretsFolder, name), 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function databaseUrl() {
  const { DATABASE_HOST, DATABASE_PORT = '5432', DATABASE_NAME = 'medusa', DATABASE_USER = 'medusa' } = process.env;
  const password = encodeURIComponent(secret('database/password') ?? '');
  return `postgres://${DATABASE_USER}:${password}@${DATABASE_HOST || 'localhost'}:${DATABASE_PORT}/${DATABASE_NAME}`;
}

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: databaseUrl(),
    // Plain traffic inside the store's namespace: its network policy lets only server and setup reach the database.
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: storeUrl,
      adminCors: storeUrl,
      authCors: storeUrl,
      jwtSecret: secret('app/jwtSecret'),
      cookieSecret: secret('app/cookieSecret'),
    },
    // Medusa in production sends its session cookie over https only; a local shop answers on plain http.
    cookieOptions: { secure: isHttps, sameSite: 'lax' },
  },
  // A relative address: the admin is built once and calls whichever host it is opened on.
  admin: { path: '/app', backendUrl: '/', maxUploadFileSize: 5 * 1024 * 1024 },
  modules: [
    {
      resolve: '@medusajs/medusa/file',
      options: {
        providers: [
          {
            resolve: '@medusajs/medusa/file-local',
            id: 'local',
            // Medusa serves /static from the folder `static` of its project: the uploads claim is mounted there.
            options: { upload_dir: join(__dirname, 'static'), backend_url: `${storeUrl}/static` },
          },
        ],
      },
    },
  ],
});
