/** Labels and annotations that code and charts share. The chart tests compare rendered objects with these. */
export const labels = {
  /** On namespaces: the installation that owns them. */
  installation: 'urumi.dev/installation',
  storeId: 'urumi.dev/store-id',
  engine: 'urumi.dev/engine',
  component: 'app.kubernetes.io/component',
  /** On the release Secret (Helm): the generation it was installed for. */
  releaseGeneration: 'urumi-generation',
  /** On the release Secret (Helm): the revision it was made as. A run of helm by hand carries our labels on (4.2.4), not this. */
  releaseRevision: 'urumi-revision',
  /** On the release Secret (Helm): version of the chart it was installed from. */
  releaseChart: 'urumi-chart',
} as const;

export const annotations = {
  /** On namespaces: the stamp, JSON (see `stamp.ts`). */
  wish: 'urumi.dev/wish',
  /** On every object of the chart: the generation it was applied for. */
  generation: 'urumi.dev/generation',
  /** On the Deployment that serves: `template` where the shop comes filled and no setup Job is made, `job` where one is. */
  setup: 'urumi.dev/setup',
  /** On guardrails: hash of the spec as it was rendered (`spec-hash.ts`). */
  specHash: 'urumi.dev/spec-hash',
} as const;

/** On namespaces, from their first second: what no pod of a store may be. */
export const podSecurityLabels = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
} as const;
