/** What a scenario reads of a store with the administrator's kubectl. */
import type { TestPlatform } from './platform.ts';

type Kubectl = Pick<TestPlatform, 'kubectl'>;

/** The Secret's keys with their values as text. */
export async function readSecret(t: Kubectl, namespace: string, name: string): Promise<Record<string, string>> {
  const { data } = JSON.parse(await t.kubectl('get', 'secret', name, '-n', namespace, '-o', 'json')) as {
    data: Record<string, string>;
  };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/** Login of the store's first administrator. */
export async function readOwner(t: Kubectl, namespace: string): Promise<{ email: string; password: string }> {
  const { email = '', password = '' } = await readSecret(t, namespace, 'store-admin');
  return { email, password };
}
