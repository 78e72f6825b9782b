/**
 * Makes a template's copy one shop's own: administrator, publishable key, name, id. One transaction of a few
 * statements, without Medusa, whose modules are loaded meanwhile; a death at any point leaves the bare copy.
 */
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { withSetupLock, type Database } from './database.ts';
import type { SetupEnvironment } from './environment.ts';
import { ensureInstance, readMarks } from './marks.ts';
import { ensurePublishableKey } from './steps/publishable-key.ts';

type Scrypt = { kdf: (password: string, cost: { logN: number; r: number; p: number }) => Promise<Buffer> };

/** Does nothing where the database is no template's copy or was renewed before. Safe twice at once. */
export async function renewTemplate(database: Database, environment: SetupEnvironment): Promise<void> {
  await withSetupLock(database, async () => {
    if (!(await readMarks(database)).isBareTemplate) return;
    const { shop, admin, publishableKey } = environment;
    const password = await hashPassword(admin.password);
    await database.query('BEGIN');
    try {
      await insertAdministrator(database, admin.email, password);
      await ensurePublishableKey(database, publishableKey);
      await openToKey(database, publishableKey);
      await database.query('UPDATE store SET id = $1, name = $2', [newId('store'), shop.name]);
      await ensureInstance(database);
      await database.query('COMMIT');
    } catch (error) {
      await database.query('ROLLBACK');
      throw error;
    }
  });
}

/** As Medusa's provider of log-ins by e-mail keeps it (@medusajs/auth-emailpass 2.21.2, services/emailpass.js). */
async function hashPassword(password: string): Promise<string> {
  const scrypt = createRequire(import.meta.url)('scrypt-kdf') as Scrypt;
  return (await scrypt.kdf(password, { logN: 15, r: 8, p: 1 })).toString('base64');
}

async function insertAdministrator(database: Database, email: string, password: string): Promise<void> {
  const user = newId('user');
  const login = newId('authid');
  await database.query('INSERT INTO "user" (id, email) VALUES ($1, $2)', [user, email]);
  await database.query('INSERT INTO auth_identity (id, app_metadata) VALUES ($1, $2)', [login, { user_id: user }]);
  await database.query(
    `INSERT INTO provider_identity (id, entity_id, provider, auth_identity_id, provider_metadata)
     VALUES ($1, $2, 'emailpass', $3, $4)`,
    [newId('provid'), email, login, { password }],
  );
}

/** The default sales channel, as `linkPublishableKey` of setup does it. */
async function openToKey(database: Database, publishableKey: string): Promise<void> {
  await database.query(
    `INSERT INTO publishable_api_key_sales_channel (id, publishable_key_id, sales_channel_id)
     SELECT $1, api_key.id, store.default_sales_channel_id FROM api_key, store WHERE api_key.token = $2`,
    [newId('pksc'), publishableKey],
  );
}

/** An id of Medusa's form: 26 letters and digits after a prefix, at random. */
function newId(prefix: string): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return `${prefix}_01${[...randomBytes(24)].map((byte) => letters[byte % 32]).join('')}`;
}
