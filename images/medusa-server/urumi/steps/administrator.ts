import { find, runFlow, type Container } from '../medusa.ts';

type Auth = {
  register: (
    provider: string,
    data: { body: Record<string, string> },
  ) => Promise<{
    success: boolean;
    authIdentity?: { id: string };
    error?: string;
  }>;
  updateAuthIdentities: (update: { id: string; app_metadata: Record<string, string> }) => Promise<unknown>;
  deleteAuthIdentities: (ids: string[]) => Promise<unknown>;
};

type Identity = { id: string; app_metadata: Record<string, unknown> | null };

/**
 * Makes the administrator named by the store's Secret, unless there is one: a password changed in the admin stays.
 * The password goes from the secret file into Medusa's own hashing and appears in no argument and no log.
 * A run that stopped between user and log-in is completed.
 */
export async function ensureAdministrator(
  container: Container,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const auth = container.resolve('auth') as Auth;
  const [found] = await find<{ id: string }>(container, { entity: 'user', fields: ['id'], filters: { email } });
  const user = found ?? (await runFlow<{ id: string }[]>(container, 'createUsersWorkflow', { users: [{ email }] }))[0];
  if (user === undefined) throw new Error('Medusa made no administrator');

  const [login] = await find<{ auth_identity: Identity | null }>(container, {
    entity: 'provider_identity',
    fields: ['auth_identity.id', 'auth_identity.app_metadata'],
    filters: { entity_id: email, provider: 'emailpass' },
  });
  if (login?.auth_identity?.app_metadata?.user_id === user.id) return;
  // A log-in that leads to no user is what an interrupted run leaves: its password may be older than the Secret.
  if (login?.auth_identity) await auth.deleteAuthIdentities([login.auth_identity.id]);

  const { authIdentity, error } = await auth.register('emailpass', { body: { email, password } });
  if (authIdentity === undefined)
    throw new Error(`Medusa refused the administrator's log-in: ${error ?? 'no reason given'}`);
  await auth.updateAuthIdentities({ id: authIdentity.id, app_metadata: { user_id: user.id } });
}
