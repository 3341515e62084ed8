// Goal: an import posts what is right, says what is wrong with the rest, and gets through outages.
// Method: real files, the real event node, and for exit codes the command as a process.
import { NO_RULES } from '../../src/domain/ledger/open-ledger.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportSummary, importFile } from '../../src/cli/import/import-file.js';
import { seedDemo } from '../../src/cli/demo.js';
import { createLedgerWriters } from '../../src/commands/ledger-writer/create-ledger-writers.js';
import { type LedgerWriters } from '../../src/commands/ledger-writer/ledger-writers.js';
import { availableOf, balanceOf } from '../../src/domain/ledger/account.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { createLogger } from '../../src/platform/logger.js';
import { COMMAND, run } from '../support/daybook-process.js';
import { type TestEventStore, startTestEventStore } from '../support/stores.js';

jest.setTimeout(60_000);

const LOG = createLogger('test', 'silent');
const ACCOUNTS =
  'address,type,currency,overdraftLimit\n' +
  'world,asset,EUR,unlimited\nwallet:a,liability,EUR,\nwallet:b,liability,EUR,5\n';
const HEADER = 'id,debit,credit,amount,currency,effectiveAt\n';

let node: TestEventStore;
let store: EventStore;
let writers: LedgerWriters;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-import-'));
  node = await startTestEventStore();
  store = eventStoreDb(node.url, LOG);
  writers = createLedgerWriters(store, LOG);
});

afterAll(async () => {
  await writers.close();
  await store.close();
  await node.remove();
  rmSync(folder, { recursive: true });
});

function fileOf(text: string | Buffer): string {
  const path = join(mkdtempSync(join(folder, 'file-')), 'rows.csv');
  writeFileSync(path, text);
  return path;
}

interface Watched {
  readonly onProgress?: () => void;
  readonly onTrouble?: () => void;
  readonly storeAwayMaxMs?: number;
}

function imported(text: string | Buffer, ledger: string, watched: Watched = {}) {
  const run = { actor: 'cli:test', requestId: 'r', correlationId: 'r', causationId: 'r' };
  return importFile({
    path: fileOf(text),
    ledger,
    writers,
    causation: { ...run, clientAddress: null },
    onProgress: () => undefined,
    onLedgerOpened: () => undefined,
    onTrouble: () => undefined,
    ...watched,
  });
}

async function balance(ledger: string, address: string): Promise<bigint | undefined> {
  const account = (await writers.current(ledger)).accounts.get(address);
  return account && balanceOf(account);
}

const counts = ({ added, alreadyThere, refused, rejected }: ImportSummary) => ({
  added,
  alreadyThere,
  refused,
  rejected,
});

describe('a file of accounts', () => {
  it('opens the ledger and them, once', async () => {
    expect(await imported(ACCOUNTS, 'opened')).toMatchObject({
      kind: 'accounts',
      ledgerOpened: true,
      added: 3,
    });
    expect(await imported(ACCOUNTS, 'opened')).toMatchObject({
      ledgerOpened: false,
      added: 0,
      alreadyThere: 3,
    });
    const { accounts } = await writers.current('opened');
    expect(accounts.get('world')?.overdraftLimit).toBeNull();
    expect(accounts.get('wallet:a')?.overdraftLimit).toBe(0n);
    expect(accounts.get('wallet:b')?.overdraftLimit).toBe(500n);
    expect(accounts.get('wallet:b')?.balanceLimit).toBeNull();
  });

  it('that contradicts the ledger is told where', async () => {
    await imported(ACCOUNTS, 'contradicted');
    const summary = await imported(ACCOUNTS.replace('EUR,5', 'EUR,6'), 'contradicted');
    expect(counts(summary)).toEqual({ added: 0, alreadyThere: 2, refused: {}, rejected: 1 });
    expect(summary.problems).toEqual([
      expect.objectContaining({ line: 4, field: 'overdraftLimit', code: 'ACCOUNT_EXISTS' }),
    ]);
  });

  it('goes into a ledger that somebody opened under another name', async () => {
    const command = {
      type: 'OpenLedger',
      ledger: 'named',
      name: 'Mine',
      assets: [],
      rules: NO_RULES,
    } as const;
    const run = { actor: 'a', requestId: 'r', correlationId: 'r', causationId: 'r' };
    const causation = { ...run, clientAddress: null };
    await writers.submit('named', { ...command, now: '2026-01-01T00:00:00.000Z' }, causation);
    expect(await imported(ACCOUNTS, 'named')).toMatchObject({ ledgerOpened: false, added: 3 });
  });
});

describe('a file of transfers with wrong rows', () => {
  const rows = [
    't1,world,wallet:a,10.00,EUR,2026-01-01T00:00:00Z',
    't2,world,wallet:a,"1,00",EUR,',
    't3,world,wallet:a,1.005,EUR,',
    't4,world,nobody,1,EUR,',
    't5,world,wallet:a,1,EUR,yesterday',
    't6,wallet:b,world,5.01,EUR,',
    't7,wallet:a,wallet:b,4,EUR,2026-01-02T00:00:00+01:00',
    't8 ?,wallet:a,wallet:b,4,EUR,',
    't9,wallet:a,wallet:b,4',
  ];

  it('posts the others, and says what to change where', async () => {
    await imported(ACCOUNTS, 'mixed');
    const summary = await imported(HEADER + rows.join('\r\n'), 'mixed');
    expect(counts(summary)).toEqual({
      added: 2,
      alreadyThere: 0,
      refused: { INSUFFICIENT_FUNDS: 1 },
      rejected: 6,
    });
    const told = summary.problems.map(({ line, field, code }) => [line, field, code]);
    expect(told).toEqual([
      [3, 'amount', 'INVALID_AMOUNT'],
      [4, 'amount', 'INVALID_AMOUNT'],
      [5, 'credit', 'UNKNOWN_ACCOUNT'],
      [6, 'effectiveAt', null],
      [7, null, 'INSUFFICIENT_FUNDS'],
      [9, 'id', null],
      [10, null, null],
    ]);
    expect(summary.problems.every(({ expected }) => expected !== '')).toBe(true);
    expect(await balance('mixed', 'wallet:a')).toBe(600n);
  });

  it('posts the corrected rows when it is run again, and nothing else', async () => {
    const corrected = rows.join('\n').replace('"1,00"', '1.00').replace('yesterday', '');
    expect(counts(await imported(HEADER + corrected, 'mixed'))).toEqual({
      added: 2,
      alreadyThere: 2,
      refused: { INSUFFICIENT_FUNDS: 1 },
      rejected: 4,
    });
    expect(await balance('mixed', 'wallet:a')).toBe(800n);
  });

  it('never posts a transfer in part', async () => {
    await imported(ACCOUNTS, 'legs');
    const legs = 't1,world,wallet:a,1,EUR,\nt1,world,wallet:b,-1,EUR,\nt2,world,wallet:b,2,EUR,\n';
    const summary = await imported(HEADER + legs, 'legs');
    expect(counts(summary)).toEqual({ added: 1, alreadyThere: 0, refused: {}, rejected: 1 });
    expect(summary.problems).toEqual([expect.objectContaining({ line: 3, field: 'amount' })]);
    expect(await balance('legs', 'wallet:a')).toBe(0n);
  });

  it('keeps the first fifty problems, and counts the rest', async () => {
    await imported(ACCOUNTS, 'many');
    const wrong = Array.from({ length: 70 }, (_, index) => `t${index},world,nobody,1,EUR,`);
    const summary = await imported(HEADER + wrong.join('\n'), 'many');
    expect(summary).toMatchObject({ rejected: 70, problemsOmitted: 20 });
    expect(summary.problems).toHaveLength(50);
  });

  it('that is not UTF-8 is told so', async () => {
    const text = 'debit,credit,amount,currency,description\nworld,wallet:a,1,EUR,Caf\xe9\n';
    const summary = await imported(Buffer.from(text, 'latin1'), 'many');
    expect(summary.problems).toEqual([
      expect.objectContaining({ line: 2, field: 'description', expected: 'a file saved as UTF-8' }),
    ]);
  });
});

describe('a file with a wrong header', () => {
  it.each(['', 'a,b\n1,2\n', 'address,type\nworld,asset\n', `${HEADER.trim()},colour\n`])(
    'imports nothing and opens no ledger: %j',
    async (text) => {
      await expect(imported(text, 'untouched')).rejects.toMatchObject({ kind: 'usage' });
      expect((await writers.current('untouched')).header).toBeUndefined();
    },
  );
});

describe('while the event store is away', () => {
  const ROWS = 6_000;
  const transfers = Array.from({ length: ROWS }, (_, index) =>
    // Each needs the one before: in any other order one of them would be refused.
    index % 2 === 0 ? `t${index},world,wallet:a,1,EUR,` : `t${index},wallet:a,world,1,EUR,`,
  );

  it('an import waits, and goes on in the order of the file', async () => {
    await imported(ACCOUNTS, 'outage');
    let stopped: Promise<void> | undefined;
    let troubles = 0;
    const summary = await imported(HEADER + transfers.join('\n'), 'outage', {
      onProgress: () => {
        stopped ??= node.stop();
      },
      onTrouble: () => {
        troubles += 1;
        if (troubles === 1) void stopped?.then(() => node.restart());
      },
    });
    expect(troubles).toBeGreaterThan(0);
    expect(summary).toMatchObject({ refused: {}, rejected: 0 });
    expect(summary.added + summary.alreadyThere).toBe(ROWS);
    const wallet = (await writers.current('outage')).accounts.get('wallet:a');
    expect(wallet && [availableOf(wallet), wallet.version]).toEqual([0n, ROWS + 1]);
  });

  it('for too long, an import gives up and says how to continue', async () => {
    await node.stop();
    const gaveUp = imported(HEADER, 'outage', { storeAwayMaxMs: 200 });
    await expect(gaveUp).rejects.toMatchObject({
      kind: 'infrastructure',
      message: expect.stringContaining('run the same command again') as string,
    });
    await node.restart();
  });
});

describe('daybook import', () => {
  async function command(...words: string[]) {
    const it = run(COMMAND, ['import', ...words], { EVENTSTORE_URL: node.url });
    return { code: await it.ended, out: it.out(), err: it.err() };
  }

  it('imports the examples of its documentation', async () => {
    const page = readFileSync('docs/importing.md', 'utf8');
    const examples = [...page.matchAll(/```csv\n(.*?)```/gs)].map(([, csv]) => fileOf(csv ?? ''));
    expect(examples).toHaveLength(2);
    const [accounts = '', transfers = ''] = examples;
    expect(await command(accounts, '--ledger', 'docs')).toEqual({
      code: 0,
      out: `${accounts} into ledger "docs": 4 accounts, of them 4 opened, 0 already there, 0 refused, 0 rejected.\n`,
      err: expect.stringContaining('There was no ledger "docs": opened it.') as string,
    });
    expect(await command(transfers, '--ledger', 'docs')).toMatchObject({
      code: 0,
      out: `${transfers} into ledger "docs": 2 transfers, of them 2 posted, 0 already there, 0 refused, 0 rejected.\n`,
    });
    expect(await balance('docs', 'income:sales')).toBe(1560n);
  });

  it('exits with 1 when something is left out, and says it in JSON when asked', async () => {
    await imported(ACCOUNTS, 'exits');
    const file = fileOf(`${HEADER}t1,world,nobody,1,EUR,\nt2,world,wallet:a,1,EUR,\n`);
    const { code, out, err } = await command(file, '--ledger', 'exits', '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      ledger: 'exits',
      added: 1,
      rejected: 1,
      problems: [{ line: 2, field: 'credit', code: 'UNKNOWN_ACCOUNT' }],
    });
  });

  it('exits with 2 when the call is wrong', async () => {
    expect((await command(fileOf(ACCOUNTS))).code).toBe(2);
    expect((await command('missing.csv', '--ledger', 'exits')).code).toBe(2);
    expect((await command(fileOf(ACCOUNTS), '--ledger', 'No Ledger')).code).toBe(2);
    expect((await command(fileOf('a;b\n'), '--ledger', 'exits')).code).toBe(2);
  });
});

describe('the demo ledger', () => {
  it('holds a bakery, once, however often it is seeded', async () => {
    await seedDemo(writers);
    const { revision } = await writers.current('demo');
    await seedDemo(writers);
    const seeded = await writers.current('demo');
    expect(seeded.revision).toBe(revision);
    // Accounts, everyday transfers, and stories.
    expect(revision).toBe(21 + 39 + 15);
    expect(await balance('demo', 'customers:alice:wallet')).toBe(2080n);
  });
});
