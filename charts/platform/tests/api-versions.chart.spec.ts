/** Which versions of the Kubernetes API both charts use: stable ones that every cluster of 1.34 or newer serves. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderPlatform, platformChart } from '../../testing/platform-chart.ts';
import { renderVariant, storeChart, variants } from '../../testing/store-chart.ts';

/** Kinds by version: stable and served in 1.34 (kubernetes.io, API overview); none of them is deprecated there. */
const stable: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'ConfigMap',
    'LimitRange',
    'PersistentVolumeClaim',
    'Pod',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'admissionregistration.k8s.io/v1': ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  'apps/v1': ['Deployment', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
};

/** Kinds of others, made only where the cluster says that it knows them. KEDA has nothing newer than v1alpha1. */
const ofOthers: Readonly<Record<string, readonly string[]>> = {
  'gateway.networking.k8s.io/v1': ['HTTPRoute'],
  'keda.sh/v1alpha1': ['ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com/v1': ['PrometheusRule', 'ServiceMonitor'],
};

const known = { ...stable, ...ofOthers };
const crds = Object.entries(ofOthers).flatMap(([version, kinds]) => kinds.map((kind) => `${version}/${kind}`));
const everything = {
  api: { replicas: 2, autoscaling: { enabled: true } },
  worker: { replicas: null, autoscaling: { mode: 'metrics-api' } },
  monitoring: { serviceMonitor: true, rules: true, dashboards: true },
};
const gateway = { exposure: { mode: 'gateway', gateway: { name: 'edge' } } };

test('every rendered object is of a known version and kind', async () => {
  const objects = [
    ...(await renderPlatform('values-local.yaml', everything, crds)),
    ...(await renderPlatform('values-local.yaml', gateway, crds)),
    ...(await Promise.all(variants.map((variant) => renderVariant(variant)))).flat(),
  ];
  for (const { apiVersion, kind, metadata } of objects) {
    expect(known[apiVersion] ?? [], `${apiVersion} ${kind} ${metadata.name}`).toContain(kind);
  }
  const rendered = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const listed = Object.entries(known).flatMap(([version, kinds]) => kinds.map((kind) => `${version} ${kind}`));
  // What is listed and never rendered is a branch that no test sees, or a leftover.
  expect([...rendered].sort()).toEqual(listed.sort());
});

test('no template names another version, in whatever branch', async () => {
  for (const chart of [platformChart, storeChart]) {
    for (const file of await readdir(join(chart, 'templates'), { recursive: true })) {
      if (!/\.(yaml|tpl|txt)$/.test(file)) continue;
      const text = await readFile(join(chart, 'templates', file), 'utf8');
      for (const [, version = ''] of text.matchAll(/apiVersion: *["']?([a-z0-9./]+)/g)) {
        expect(Object.keys(known), `${file}: ${version}`).toContain(version);
      }
    }
  }
});

test('everything at once keeps the golden list', async () => {
  const objects = await renderPlatform('values-local.yaml', everything, crds);
  const keys = objects.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind}/${metadata.name}`).sort();
  await expect(`${keys.join('\n')}\n`).toMatchFileSnapshot('golden/everything.txt');
});
