// Goal: docs/export.md shows what works.
// Method: all its shell blocks in one shell against `daybook up`, with the real sha256sum and hledger, and
// another event store to import into.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { COMMAND, type Run, once, run } from '../support/daybook-process.js';
import { ensureHledger } from '../support/hledger.js';
import { examplesOf } from '../support/shell-examples.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';

const INSTALLING_MS = 300_000;
const OTHER = 'esdb://other:2113?tls=false';

let folder: string;
let up: Run;
let other: TestEventStore;

beforeAll(async () => {
  await ensureHledger();
  folder = mkdtempSync(join(tmpdir(), 'daybook-export-docs-'));
  other = await startTestEventStore();
  up = run(COMMAND, ['up'], { DAYBOOK_DATA: join(folder, 'data'), PORT: '0' });
  await once(up, () => up.out().includes('Daybook is ready'));
}, INSTALLING_MS);
afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  await other.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder to put into PATH in which `npx daybook` is the command that was built. */
function standInForNpx(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nshift\nexec '${process.execPath}' '${resolve(COMMAND)}' "$@"\n`;
  writeFileSync(join(bin, 'npx'), script);
  chmodSync(join(bin, 'npx'), 0o755);
  return bin;
}

it(
  'the lines of docs/export.md do what it says',
  async () => {
    const script = examplesOf(join('docs', 'export.md'))
      .map(({ shell }) => shell.replace(OTHER, other.url))
      .join('');
    const PATH = [standInForNpx(), process.env['PATH']].join(delimiter);
    const { stdout } = await promisify(execFile)('sh', ['-euc', script], {
      cwd: folder,
      env: { PATH, DAYBOOK_DATA: join(folder, 'data') },
    });
    for (const format of ['jsonl', 'csv', 'parquet', 'hledger']) {
      expect(stdout).toContain(`Exported ledger "demo" as ${format}`);
    }
    expect(stdout.match(/^\w+\.csv: OK$/gm)).toHaveLength(6);
    expect(stdout).toMatch(/EUR {2}customers:alice:wallet$/m);
    expect(stdout).toMatch(/into ledger "demo": (\d+) events, of them \1 imported/);
  },
  INSTALLING_MS,
);
