// Who may import whom. Imports point inward: the domain knows nobody, the composition root knows
// everybody. `npm run check` and the test suite fail on any import that is not in this table.

/** From a folder (a path prefix) to what its files may import besides packages and themselves. */
const MAY_IMPORT = {
  'src/domain': [],
  'src/platform/http': ['src/domain', 'src/platform'],
  'src/platform/(?!http/)': [],
  'src/event-store': ['src/domain', 'src/platform'],
  'src/identity': ['src/platform'],
  'src/commands/ledger-writer': [
    'src/domain',
    'src/event-store',
    'src/platform/(backoff|clock|time-limit)',
  ],
  'src/commands/(?!ledger-writer)': [
    'src/commands/ledger-writer/ledger-writers',
    'src/domain',
    'src/event-store/codec',
    'src/identity',
    'src/platform',
  ],
  // Behind a port of the write side: what it keeps in Postgres for itself.
  'src/snapshots': ['src/commands/ledger-writer/snapshot-store'],
  'src/queries': [
    // Strong reads ask the write side, the audit trail is read from the log itself.
    'src/commands/ledger-writer/ledger-writers',
    'src/event-store/(event-store|codec|stream-names)',
    'src/domain',
    'src/identity',
    'src/platform',
    'projections/[^/]+/queries',
  ],
  projections: [
    'src/domain',
    'src/event-store/(event-store|codec|stream-names|hash-chain)',
    'src/platform',
  ],
  'src/embedded': ['src/platform'],
  'src/cli': [
    'src/commands/ledger-writer',
    'src/commands/[^/]+/(dto|command-of)',
    'src/domain',
    'src/event-store',
    'src/identity/(identity|permissions)',
    'src/platform',
    'src/main',
    'projections',
  ],
  // A bench is a client of whole processes: it starts them, and reads the log to check what they said.
  'bench/(?!baseline|big-ledger/|ceilings/|contenders/|event-node/|read-models/)': [
    'bench',
    'src/event-store/(event-store|eventstoredb|codec|stream-names)',
    'src/platform/(?!http/)',
  ],
  'bench/contenders': [
    'bench',
    'src/commands/ledger-writer/decide-group',
    'src/domain',
    'src/event-store',
    'src/platform/(?!http/)',
  ],
  // Our own HTTP server without anything behind it, and what others than us do.
  'bench/ceilings': [
    'bench/report',
    'src/commands/request-rules',
    'src/event-store/stream-names',
    'src/identity',
    'src/platform',
  ],
  // Services that know nothing of Daybook: they read amounts and tokens, and run, as it does.
  'bench/baseline': [
    'src/domain/money',
    'src/identity/(identity|permissions|verified-tokens)',
    'src/platform/(?!http/)',
  ],
  // These also build what they measure, as the API does.
  'bench/(big-ledger|read-models)': [
    'bench/(stores|bench-process|command-line|computer|report|ceilings/bare-client|contenders/ledger-log-writer)',
    'src/commands/ledger-writer',
    'src/domain',
    'src/event-store',
    'src/platform/(?!http/)',
    'src/snapshots',
  ],
  // Fills the logs that it measures through the store of the node.
  'bench/event-node': [
    'bench/(bench-process|command-line|computer|report)',
    'src/embedded/event-node/store/node-store',
    'src/platform/(?!http/)',
  ],
};

const rules = Object.entries(MAY_IMPORT).map(([from, to]) => ({
  name: `imports-of-${from.replace(/[^a-z-]+/g, '-')}`,
  comment: `${from} may import only itself and: ${to.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${from}`, pathNot: '\\.spec\\.ts$|^src/cli/(up|eventstore)' },
  to: { path: '^(src|projections|bench)/', pathNot: [from, ...to].map((path) => `^${path}`) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|projections|bench)/' },
      to: { circular: true },
    },
    {
      name: 'nobody-imports-it',
      severity: 'error',
      from: { orphan: true, path: '^(src|projections|bench)/', pathNot: 'main\\.ts$' },
      to: {},
    },
    {
      name: 'embedded-only-by-its-own-entry',
      severity: 'error',
      from: {
        path: '^(src|projections|bench)/',
        pathNot: '^(src/(embedded/|cli/(up|eventstore))|bench/event-node/fill)',
      },
      to: { path: '^src/embedded/' },
    },
    {
      name: 'the-domain-knows-decimal-js-alone',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'core', 'npm-dev'], pathNot: 'node_modules/decimal\\.js' },
    },
    {
      name: 'one-importer-of-the-client',
      comment:
        'Only the adapter, the embedded node (for the generated protocol), and the benches that measure it.',
      severity: 'error',
      from: {
        path: '^(src|projections|bench)/',
        pathNot:
          '^(src/(event-store/eventstoredb[-a-z]*\\.ts|embedded/event-node/)|bench/(ceilings/bare-client|event-node/client/))',
      },
      to: { path: 'node_modules/@eventstore/db-client' },
    },
    {
      name: 'pg-only-where-sql-lives',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platform|embedded|cli)/' },
      to: { path: 'node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-nest-in-the-core',
      severity: 'error',
      from: { path: '^(src/(domain|event-store|snapshots|commands/ledger-writer)|projections)/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'nothing-outside-dependencies',
      severity: 'error',
      from: {
        path: '^(src|projections|bench)/',
        pathNot: '\\.spec\\.ts$|^bench/baseline-emmett/',
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
