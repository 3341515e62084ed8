// Jest runs CommonJS here: the ESM packages of the stack (found by scanning, so that the list can
// never be stale) are compiled on the fly. docs/adr/0005 says why Jest's own ESM mode is not used.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function isEsm(folder) {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
}

function subfolders(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

function esmPackagesIn(modules) {
  const names = subfolders(modules).flatMap((name) =>
    name.startsWith('@') ? subfolders(join(modules, name)).map((sub) => `${name}/${sub}`) : [name],
  );
  return names.flatMap((name) => [
    ...(isEsm(join(modules, name)) ? [name] : []),
    ...esmPackagesIn(join(modules, name, 'node_modules')),
  ]);
}

const escaped = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const esmPackages = [...new Set(esmPackagesIn(join(import.meta.dirname, 'node_modules')))];

const swc = (parser, transform = {}) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs', ignoreDynamic: false },
    jsc: { target: 'es2023', parser, transform, keepClassNames: true },
  },
];

const shared = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  transform: {
    '\\.ts$': swc(
      { syntax: 'typescript', decorators: true },
      { legacyDecorator: true, decoratorMetadata: true },
    ),
    '\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: [
    `/node_modules/(?!(?:.+/node_modules/)?(?:${esmPackages.map(escaped).join('|')})/)(?!.+\\.mjs$)`,
  ],
};

export default {
  // One worker per core; every suite that needs stores starts its own, on ports of its own.
  maxWorkers: 2,
  // What hangs fails; what is slow on a busy machine does not.
  testTimeout: 60_000,
  projects: [
    { ...shared, displayName: 'unit', testRegex: '\\.unit\\.spec\\.ts$' },
    { ...shared, displayName: 'integration', testRegex: '(?<!\\.unit)\\.spec\\.ts$' },
  ],
};
