// Goal: a real bank's transactions come out as the bank had them, also when the import is killed on the
// way. Method: the example itself and the command itself, as processes, on a Daybook of their own; the
// published file where there is one, and a generated one always.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addUp } from '../../examples/berka/bank-books.js';
import { compare } from '../../examples/berka/compare.js';
import { convert } from '../../examples/berka/convert.js';
import { askDaybook, caughtUp } from '../../examples/berka/read-model.js';
import { bankTransactions } from '../../examples/berka/source.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import { readRuntime, type Stores } from '../../src/platform/runtime-file.js';
import { generateBankFiles } from '../support/berka-generator.js';
import { COMMAND, type Run, once, run } from '../support/daybook-process.js';

jest.setTimeout(240_000);

const EXAMPLE = 'dist/examples/berka/main.js';
const ROWS = 5_000;
const SEED = 19_930_101;
const PUBLISHED = process.env['DAYBOOK_BERKA'] ?? '../shared/data/berka';

let base: string;
let data: string;
let generated: string;
let generatedRows: number;
let up: Run;
let stores: Stores;

function daybook(script: string, words: readonly string[], folder = data): Run {
  return run(script, words, { DAYBOOK_DATA: folder, PORT: '0', DAYBOOK_DEMO: 'off' });
}

/** Where transactions come from, and how many of them: the published ones, or all of the generated. */
function firstRows(count: number): [source: string, rows: number] {
  return existsSync(join(PUBLISHED, 'trans.asc')) ? [PUBLISHED, count] : [generated, generatedRows];
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'daybook-berka-test-'));
  [data, generated] = [join(base, 'data'), mkdtempSync(join(base, 'generated-'))];
  generatedRows = generateBankFiles(generated, SEED);
  up = daybook(COMMAND, ['up']);
  await once(up, () => /Daybook is ready/.test(up.out()));
  const running = readRuntime(data)?.stores;
  if (!running) throw new Error('Daybook does not say where its stores are.');
  stores = running;
});

afterAll(async () => {
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(base, { recursive: true, force: true });
});

async function differences(ledger: string, source: string, rows: number): Promise<unknown[]> {
  const log = createLogger('test', 'silent');
  const store = eventStoreDb(stores.eventStoreUrl, log);
  const { databaseUrl } = stores;
  const pool = createPool({ databaseUrl, applicationName: 'test', logger: log });
  try {
    await caughtUp(pool, store, ledger);
    const bank = await addUp(bankTransactions(source, rows));
    const checks = compare(bank, await askDaybook(pool, ledger));
    expect(checks.length).toBeGreaterThanOrEqual(6);
    return checks.filter(({ isTrue }) => !isTrue);
  } finally {
    await Promise.all([pool.end(), store.close()]);
  }
}

interface Summary {
  readonly added: number;
  readonly alreadyThere: number;
  readonly rejected: number;
  readonly refused: object;
  readonly ledgerOpened: boolean;
}

async function imported(file: string, ledger: string): Promise<Summary> {
  const it = daybook(COMMAND, ['import', file, '--ledger', ledger, '--json']);
  expect({ code: await it.ended, err: it.err() }).toEqual({ code: 0, err: '' });
  return JSON.parse(it.out()) as Summary;
}

describe('the Berka example', () => {
  it('agrees with the bank, on a Daybook that it starts for itself and stops', async () => {
    const own = join(base, 'own');
    const [source, rows] = firstRows(ROWS);
    const example = daybook(EXAMPLE, [source, '--rows', String(rows)], own);
    expect({ code: await example.ended, out: example.out() }).toEqual({
      code: 0,
      out: expect.stringContaining('Daybook agrees with the bank.') as string,
    });
    expect(example.out()).toContain(`${rows} transactions, ${rows} posted, 0 refused`);
    expect(readRuntime(own)).toBeUndefined();
  });

  it('agrees with a generated bank, and does not when the bank differs by a heller', async () => {
    const example = daybook(EXAMPLE, [generated]);
    expect({ code: await example.ended, err: example.err() }).toMatchObject({ code: 0 });
    expect(example.out()).toContain(`${generatedRows} posted, 0 refused`);

    const text = readFileSync(join(generated, 'trans.asc'), 'utf8');
    const altered = mkdtempSync(join(base, 'altered-'));
    const [, line = ''] = /\n(.*"VKLAD".*)\n/.exec(text) ?? [];
    const more = line.replace(/;(\d+)\.(\d\d);/, (_all, whole: string) => `;${whole}9.00;`);
    writeFileSync(join(altered, 'trans.asc'), text.replace(line, more));
    expect((await differences('berka', generated, Infinity)).length).toBe(0);
    expect(await differences('berka', altered, Infinity)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ claim: expect.stringContaining("account's balance") as string }),
        expect.objectContaining({ claim: expect.stringContaining('what came in') as string }),
      ]),
    );
  });
});

describe('an import that was killed', () => {
  it('ends with each transfer once when it is run again', async () => {
    const [source, rows] = firstRows(2 * ROWS);
    const csv = await convert(source, base, rows);
    expect(await imported(csv.accounts, 'killed')).toMatchObject({ ledgerOpened: true });

    const first = daybook(COMMAND, ['import', csv.transfers, '--ledger', 'killed']);
    await once(first, () => /import transfers\.csv \d+%/.test(first.err()));
    first.process.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');

    const second = await imported(csv.transfers, 'killed');
    expect(second).toMatchObject({ rejected: 0, refused: {}, ledgerOpened: false });
    expect(second.added + second.alreadyThere).toBe(rows);
    expect(second.alreadyThere).toBeGreaterThan(0);
    expect(second.added).toBeGreaterThan(0);
    expect(await differences('killed', source, rows)).toEqual([]);

    const third = await imported(csv.transfers, 'killed');
    expect(third).toMatchObject({ added: 0, alreadyThere: rows });
  });
});
