/** A pod with everything a shop needs: a claim it writes as an ordinary user, a Service, an Ingress. */
import http from 'node:http';

import type { Cluster } from '../../src/cluster/up.ts';
import { PAUSE_IMAGE, PAUSE_PROGRAM } from '../../src/node/pause-image.ts';

const READY = ['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s'];

/** Makes the namespace, which enforces `restricted`, and waits until the pod is ready. It serves `text` at `/`. */
export async function makeShop(cluster: Cluster, namespace: string, text: string): Promise<void> {
  const metadata = (name: string) => ({ name, namespace });
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata('data'),
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('web'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata('web'),
      spec: { rules: [{ host: `${namespace}.localhost`, http: { paths: [route()] } }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata('web'), labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'web',
            image: PAUSE_IMAGE,
            imagePullPolicy: 'Never',
            // An earlier text stays: that is what shows that a volume was kept.
            command: [
              PAUSE_PROGRAM,
              'sh',
              '-c',
              `[ -f /data/index.html ] || echo '${text}' > /data/index.html; ${SERVE}`,
            ],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    },
  ];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await cluster.kubectl(['apply', '-f', '-'], { input: list });
  await cluster.kubectl(['--namespace', namespace, ...READY], { timeoutMs: 70_000 });
}

const SERVE = `exec ${PAUSE_PROGRAM} httpd -f -p 8080 -h /data`;

/** Runs a busybox applet in the shop's pod. */
export async function inShop(cluster: Cluster, namespace: string, ...argv: string[]): Promise<string> {
  const exec = ['--namespace', namespace, 'exec', 'web', '--', PAUSE_PROGRAM, ...argv];
  return (await cluster.kubectl(exec)).stdout;
}

/** What the ingress answers for a shop's host, or the status when it is not 200. */
export function visit(cluster: Cluster, namespace: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { host: `${namespace}.localhost` };
    const request = http.get({ ...cluster.ingress, path: '/', headers, agent: false, timeout: 5_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? text.trim() : `status ${response.statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

function route(): object {
  return { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } };
}
