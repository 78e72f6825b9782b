/** Import rules: one per line of the architecture's section 8, and the fences around outside technology. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(apps|libs)/', pathNot: allowed },
});

/** `technology` may be imported only by files under `homes`. */
const fence = (name, technology, homes) => ({
  name,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [...homes, '\\.spec\\.ts$', '/test/', '^libs/shared/src/testing/'] },
  to: { path: technology },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only(
      'domain-stands-alone',
      '^libs/shared/src/domain/',
      ['^libs/shared/src/domain/', '^libs/shared/src/testing/'],
      'domain imports domain only',
    ),
    only(
      'k8s-imports-domain',
      '^libs/shared/src/k8s/',
      ['^libs/shared/src/(k8s|domain)/', '^libs/shared/src/testing/'],
      'k8s -> domain',
    ),
    only(
      'server-imports-domain-and-k8s',
      '^libs/shared/src/server/',
      ['^libs/shared/src/(server|domain|k8s|testing)/'],
      'server -> domain, k8s',
    ),
    only('api-imports-shared', '^apps/api/', ['^apps/api/', '^libs/shared/'], 'apps never import each other'),
    only('worker-imports-shared', '^apps/worker/', ['^apps/worker/', '^libs/shared/'], 'apps never import each other'),
    only(
      'reconciler-imports-shared',
      '^apps/reconciler/',
      ['^apps/reconciler/', '^libs/shared/'],
      'apps never import each other',
    ),
    only(
      'dashboard-imports-domain',
      '^apps/dashboard/',
      ['^apps/dashboard/', '^libs/shared/(src|dist)/domain/'],
      'dashboard -> domain, generated client',
    ),
    fence('execa-in-helm', 'node_modules/execa/', ['^apps/worker/src/helm/helm\\.ts$']),
    fence('client-node-at-the-edge', '@kubernetes/client-node', [
      '^apps/worker/src/kube/',
      '^apps/reconciler/src/watch/',
      '^apps/api/src/credentials/',
    ]),
    fence('bullmq-in-queues', 'node_modules/bullmq/', [
      '^libs/shared/src/server/queue/',
      '^apps/worker/src/queue/',
      '^apps/api/src/queues/',
    ]),
    fence('ioredis-in-server', 'node_modules/ioredis/', ['^libs/shared/src/server/']),
    fence('nest-in-api', 'node_modules/@nestjs/', ['^apps/api/']),
    {
      name: 'no-tests-in-code',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.tsx?$', '/test/', '/testing/'] },
      to: { path: '(\\.spec\\.tsx?$|/testing/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@urumi/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
