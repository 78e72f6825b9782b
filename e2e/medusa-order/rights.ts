/** What a service may do, as `kubectl auth can-i --list` tells it, in a form that can be compared. */
import { toKubeconfigPath, type ServiceName } from '@urumi/scripts/launcher/services';
import type { TestPlatform } from '../support/platform.ts';

/** Rights in a store's namespace and in `kube-system`, without what every authenticated user may. */
export async function readRights(t: TestPlatform, service: ServiceName, namespace: string): Promise<string> {
  const inStore = await listRights(t, service, namespace);
  const elsewhere = await listRights(t, service, 'kube-system');
  return `# in a store's namespace\n${inStore}\n# in kube-system\n${elsewhere}\n`;
}

async function listRights(t: TestPlatform, service: ServiceName, namespace: string): Promise<string> {
  const kubeconfig = toKubeconfigPath(t.places, service);
  const list = await t.kubectl('--kubeconfig', kubeconfig, 'auth', 'can-i', '--list', '--no-headers', '-n', namespace);
  return list
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s{2,}/g, '  ').trim())
    .filter((line) => !/^\[?\/|selfsubject/.test(line) && !/^\[\/|^ *\[\]  \[\//.test(line) && !line.includes('[/'))
    .sort()
    .join('\n');
}
