import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '@urumi/shared/domain/errors';
import { classifyHelmFailure } from './classify-failure.ts';

/** Recorded with Helm 4.2.4 against Kubernetes 1.36.4; the long value of the immutable field is cut. */
const recorded: readonly {
  readonly name: string;
  readonly stderr: string;
  readonly code: ErrorCode;
  readonly shown: string;
}[] = [
  {
    name: 'a value the schema refuses',
    stderr: `Error: values don't meet the specifications of the schema(s) in the following chart(s):\nhc:\n- at '': additional properties 'zzz' not allowed\n\n`,
    code: 'helm.values-rejected',
    shown: `values don't meet the specifications of the schema(s) in the following chart(s): hc: - at '': additional properties 'zzz' not allowed`,
  },
  {
    name: 'a requirement of the chart',
    stderr: 'Error: execution error at (hc/templates/a.yaml:1:35): gateway needs a name: set exposure.gateway.name\n',
    code: 'helm.values-rejected',
    shown: 'execution error at (hc/templates/a.yaml:1:35): gateway needs a name: set exposure.gateway.name',
  },
  {
    name: 'values that are no YAML',
    stderr:
      'Error: failed to parse -: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content\n',
    code: 'helm.values-rejected',
    shown:
      'failed to parse -: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content',
  },
  {
    name: 'an address whose stamp the policy has not seen yet',
    stderr: `Error: UPGRADE FAILED: server-side apply failed for object store-k7m2q0l1/store /v1, Kind=Ingress: ingresses.networking.k8s.io "store" is forbidden: ValidatingAdmissionPolicy 'urumi-installer-routes' with binding 'urumi-installer-routes' denied request: this shop answers at k7m2q0l1.localhost or the address stamped on its namespace, and nowhere else\n`,
    code: 'helm.unclassified',
    shown: `server-side apply failed for object store-k7m2q0l1/store /v1, Kind=Ingress: ingresses.networking.k8s.io "store" is forbidden: ValidatingAdmissionPolicy 'urumi-installer-routes' with binding 'urumi-installer-routes' denied request: this shop answers at k7m2q0l1.localhost or the address stamped on its namespace, and nowhere else`,
  },
  {
    name: 'an object with bad fields',
    stderr:
      'Error: server-side apply failed for object t1/a /v1, Kind=Service: Service "a" is invalid: [spec.ports[0].port: Invalid value: 99999999: must be between 1 and 65535, inclusive]\n',
    code: 'helm.object-rejected',
    shown:
      'server-side apply failed for object t1/a /v1, Kind=Service: Service "a" is invalid: [spec.ports[0].port: Invalid value: 99999999: must be between 1 and 65535, inclusive]',
  },
  {
    name: 'a field the kind does not have',
    stderr:
      'level=WARN msg="upgrade failed" name=store error="failed to create resource: ..."\nError: UPGRADE FAILED: failed to create resource: server-side apply failed for object t1/a /v1, Kind=ConfigMap: failed to create typed patch object (t1/a; /v1, Kind=ConfigMap): .dota: field not declared in schema\n',
    code: 'helm.object-rejected',
    shown:
      'failed to create resource: server-side apply failed for object t1/a /v1, Kind=ConfigMap: failed to create typed patch object (t1/a; /v1, Kind=ConfigMap): .dota: field not declared in schema',
  },
  {
    name: 'a kind the cluster does not know',
    stderr:
      'Error: UPGRADE FAILED: resource mapping not found for name: "j" namespace: "" from "": no matches for kind "Foo" in version "foo.example/v1"\nensure CRDs are installed first\n',
    code: 'helm.object-rejected',
    shown:
      'resource mapping not found for name: "j" namespace: "" from "": no matches for kind "Foo" in version "foo.example/v1" ensure CRDs are installed first',
  },
  {
    name: 'an object that is not of this release',
    stderr:
      'Error: unable to continue with install: ConfigMap "a" in namespace "t2" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"\n',
    code: 'helm.ownership-conflict',
    shown:
      'unable to continue with install: ConfigMap "a" in namespace "t2" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"',
  },
  {
    name: 'a change of an immutable field',
    stderr:
      'Error: UPGRADE FAILED: server-side apply failed for object t1/j batch/v1, Kind=Job: Job.batch "j" is invalid: spec.template: Invalid value: {"labels":{"batch.kubernetes.io/job-name":"j"},"Spec":{"Volumes":null}}: field is immutable\n',
    code: 'helm.immutable-field',
    shown:
      'server-side apply failed for object t1/j batch/v1, Kind=Job: Job.batch "j" is invalid: spec.template: Invalid value: field is immutable',
  },
  {
    name: 'a right the installer does not have',
    stderr:
      'Error: query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:t1:nobody" cannot list resource "secrets" in API group "" in the namespace "t1"\n',
    code: 'cluster.forbidden',
    shown:
      'query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:t1:nobody" cannot list resource "secrets" in API group "" in the namespace "t1"',
  },
  {
    name: 'a full quota',
    stderr:
      'Error: server-side apply failed for object t2/s2 /v1, Kind=Service: services "s2" is forbidden: exceeded quota: q, requested: services=1, used: services=0, limited: services=0\n',
    code: 'helm.quota-exceeded',
    shown:
      'server-side apply failed for object t2/s2 /v1, Kind=Service: services "s2" is forbidden: exceeded quota: q, requested: services=1, used: services=0, limited: services=0',
  },
  {
    name: 'an admission policy',
    stderr: `Error: UPGRADE FAILED: failed to create resource: server-side apply failed for object t2/s2 /v1, Kind=Service: services "s2" is forbidden: ValidatingAdmissionPolicy 'deny-cm' with binding 'deny-cm' denied request: images must come from the allow-list\n`,
    code: 'helm.object-rejected',
    shown: `failed to create resource: server-side apply failed for object t2/s2 /v1, Kind=Service: services "s2" is forbidden: ValidatingAdmissionPolicy 'deny-cm' with binding 'deny-cm' denied request: images must come from the allow-list`,
  },
  {
    name: 'a webhook that does not answer (not an unreachable cluster)',
    stderr:
      'Error: UPGRADE FAILED: failed to create resource: server-side apply failed for object t2/a /v1, Kind=ConfigMap: Internal error occurred: failed calling webhook "broken.example.com": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=2s": dial tcp 127.0.0.1:1: connect: connection refused\n',
    code: 'helm.unclassified',
    shown:
      'failed to create resource: server-side apply failed for object t2/a /v1, Kind=ConfigMap: Internal error occurred: failed calling webhook "broken.example.com": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=2s": dial tcp 127.0.0.1:1: connect: connection refused',
  },
  {
    name: 'a release that a killed writer left pending',
    stderr: 'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n',
    code: 'helm.release-pending',
    shown: 'another operation (install/upgrade/rollback) is in progress',
  },
  {
    name: 'a namespace on its way out',
    stderr:
      'Error: UPGRADE FAILED: create: failed to create: secrets "sh.helm.release.v1.store.v6" is forbidden: unable to create new content in namespace t2 because it is being terminated\n',
    code: 'cluster.busy',
    shown:
      'create: failed to create: secrets "sh.helm.release.v1.store.v6" is forbidden: unable to create new content in namespace t2 because it is being terminated',
  },
  {
    name: 'an API server that is not there',
    stderr:
      'Error: kubernetes cluster unreachable: Get "https://127.0.0.1:16498/version": dial tcp 127.0.0.1:16498: connect: connection refused\n',
    code: 'cluster.unreachable',
    shown:
      'kubernetes cluster unreachable: Get "https://127.0.0.1:16498/version": dial tcp 127.0.0.1:16498: connect: connection refused',
  },
  {
    name: 'credentials of another cluster',
    stderr: 'Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials\n',
    code: 'cluster.unreachable',
    shown: 'kubernetes cluster unreachable: the server has asked for the client to provide credentials',
  },
  {
    name: 'an end by SIGTERM from elsewhere',
    stderr: 'Error: UPGRADE FAILED: context canceled\n',
    code: 'helm.unclassified',
    shown: 'context canceled',
  },
  {
    name: 'a full disk of the worker',
    stderr: 'Error: write /tmp/urumi-worker-x/tmp/charts-1: no space left on device\n',
    code: 'worker.disk-full',
    shown: 'write /tmp/urumi-worker-x/tmp/charts-1: no space left on device',
  },
  { name: 'nothing said', stderr: '', code: 'helm.unclassified', shown: 'Helm failed without a word' },
];

describe('classifyHelmFailure', () => {
  for (const { name, stderr, code, shown } of recorded) {
    it(`${name} is ${code}`, () => {
      const failure = classifyHelmFailure({ ending: 'exited', stderr });
      expect(failure.code).toBe(code);
      expect(failure.message).toBe(shown.length > 300 ? `${shown.slice(0, 299)}…` : shown);
    });
  }

  it('a full quota waits, at a pace at which nothing spins', () => {
    const { stderr = '' } = recorded.find(({ name }) => name === 'a full quota') ?? {};
    expect(classifyHelmFailure({ ending: 'exited', stderr })).toMatchObject({
      kind: 'unavailable',
      details: { retryInMs: 20_000 },
    });
  });

  it('a missing program waits for the installation, it does not fail a store', () => {
    expect(classifyHelmFailure({ ending: 'not-started', stderr: '' }).kind).toBe('unavailable');
  });

  it('an end by a signal is tried again', () => {
    expect(classifyHelmFailure({ ending: 'signalled', stderr: '' }).kind).toBe('transient');
  });
});
