// House rules that neither the compiler nor the linter knows. Each ban names what to use instead; the
// table of who may import whom is .dependency-cruiser.mjs.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = process.cwd();
/** It reads every file of the project, which takes a busy machine a while. */
const DEPCRUISE_PATIENCE_MS = 60_000;

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

const all = ['src', 'projections', 'examples', 'bench', 'test'].flatMap(sources);
const production = all.filter((file) => !file.startsWith('test') && !file.endsWith('.spec.ts'));
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly where: (file: string) => boolean;
}

const anywhere = () => true;
const inDomain = (file: string) => file.startsWith('src/domain');
const nearMoney = (file: string) => /src\/domain|src\/commands|projections/.test(file);

const BANS: readonly Ban[] = [
  { pattern: /\bnew Date\(|Date\.now\(/, instead: 'the `now` of the command', where: inDomain },
  { pattern: /Math\.random\(/, instead: 'node:crypto', where: anywhere },
  { pattern: /\bparseFloat\(/, instead: 'money.ts', where: anywhere },
  { pattern: /Number\([^)]*[aA]mount/, instead: 'money.ts', where: nearMoney },
  { pattern: /\bas unknown as\b|\bas any\b/, instead: 'a type that is true', where: anywhere },
  { pattern: /\bEventBus\b|\bAggregateRoot\b|\bSaga\b/, instead: 'the event log', where: anywhere },
  { pattern: /export default /, instead: 'a named export', where: anywhere },
  { pattern: /\bFIXME\b|\bTODO\b|\bXXX\b/, instead: 'doing it', where: anywhere },
];

describe('house rules', () => {
  it.each(BANS)('no $pattern, use $instead', ({ pattern, where }) => {
    const found = production.filter(where).filter((file) => pattern.test(textOf(file)));
    expect(found).toEqual([]);
  });

  // Types may be exported for whoever reads a signature; what runs is exported to be used.
  it('nothing is exported that nobody else names', () => {
    const exported = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
    const words = new Map(all.map((file) => [file, new Set(textOf(file).match(/\w+/g))]));
    const named = (name: string, by: string) =>
      [...words].some(([file, used]) => file !== by && used.has(name));
    const found = all.flatMap((file) =>
      [...textOf(file).matchAll(exported)]
        .map(([, name = '']) => name)
        .filter((name) => !named(name, file))
        .map((name) => `${file}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('no test is left out or left alone', () => {
    const pattern = new RegExp(String.raw`\b(describe|it|test)\.(only|skip)\(|\bx(it|describe)\(`);
    expect(all.filter((file) => file.endsWith('.spec.ts') && pattern.test(textOf(file)))).toEqual(
      [],
    );
  });

  it(
    'imports follow the table',
    async () => {
      const depcruise = join(
        ROOT,
        'node_modules',
        'dependency-cruiser',
        'bin',
        'dependency-cruise.mjs',
      );
      const rules = ['--config', '.dependency-cruiser.mjs', '--output-type', 'err'];
      const run = promisify(execFile)(process.execPath, [
        depcruise,
        'src',
        'projections',
        'bench',
        ...rules,
      ]);
      await expect(run.then(({ stdout }) => stdout)).resolves.toContain('no dependency violations');
    },
    DEPCRUISE_PATIENCE_MS,
  );
});
