// Goal: whatever is killed while transfers come in, each is in the books exactly once, and the read
// models are what the log says. Method: `daybook up` and `daybook import` as processes; one after the
// other, each process that `up` runs gets a SIGKILL at a moment drawn by lot while an import makes progress;
// then log and read models are held against sums made of the file alone.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { READ_MODELS } from '../../projections/registry.js';
import { caughtUp } from '../../examples/berka/read-model.js';
import { decode } from '../../src/event-store/codec.js';
import { type EventStore } from '../../src/event-store/event-store.js';
import { eventStoreDb } from '../../src/event-store/eventstoredb.js';
import { GENESIS_HASH, brokenLink } from '../../src/event-store/hash-chain.js';
import { ledgerStream } from '../../src/event-store/stream-names.js';
import { createLogger } from '../../src/platform/logger.js';
import { createPool } from '../../src/platform/postgres.js';
import {
  COMMAND,
  PROCESSES,
  type Run,
  once,
  pidBelow,
  run,
  runtimeOf,
} from '../support/daybook-process.js';
import { randomNumbers } from '../support/random-numbers.js';

jest.setTimeout(120_000);

/** Told in the name of the suite; with the same one, the file and the moments are the same again. */
const SEED = Number(process.env['DAYBOOK_TEST_SEED'] ?? randomInt(1_000_000));
const TRANSFERS = 3_000;
const ACCOUNTS = 20;
/** In parts of the import: it is well under way by then, and has enough before it. */
const KILL_AT = { earliest: 0.02, latest: 0.4 };

const random = randomNumbers(SEED);
const below = (limit: number) => Math.floor(random() * limit);
const log = createLogger('test', 'silent');

interface Row {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  readonly cents: number;
}

const addresses = Array.from({ length: ACCOUNTS }, (_, index) => `customers:${index}`);
const rows: readonly Row[] = Array.from({ length: TRANSFERS }, (_, index) => {
  const debit = below(ACCOUNTS);
  const credit = (debit + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
  const [from = '', to = ''] = [addresses[debit], addresses[credit]];
  return { id: `transfer-${index}`, debit: from, credit: to, cents: 1 + below(1_000_000) };
});

let folder: string;
let files: { readonly accounts: string; readonly transfers: string };
let up: Run;
let store: EventStore;
let pool: Pool;
const ledgers: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daybook-kills-'));
  files = { accounts: join(folder, 'accounts.csv'), transfers: join(folder, 'transfers.csv') };
  const accounts = addresses.map((address) => `${address},asset,EUR,unlimited`);
  writeFileSync(files.accounts, `address,type,currency,overdraftLimit\n${accounts.join('\n')}\n`);
  const transfers = rows.map(
    ({ id, debit, credit, cents }) => `${id},${debit},${credit},${euros(cents)},EUR`,
  );
  writeFileSync(files.transfers, `id,debit,credit,amount,currency\n${transfers.join('\n')}\n`);
  await start();
  const { stores } = runtimeOf(folder);
  if (!stores) throw new Error('Daybook does not say where its stores are.');
  store = eventStoreDb(stores.eventStoreUrl, log);
  pool = createPool({ databaseUrl: stores.databaseUrl, applicationName: 'test', logger: log });
});

afterAll(async () => {
  await Promise.all([pool.end(), store.close()]);
  up.process.kill('SIGTERM');
  await up.ended;
  rmSync(folder, { recursive: true, force: true });
});

function euros(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function daybook(...words: string[]): Run {
  return run(COMMAND, words, { DAYBOOK_DATA: folder, PORT: '0', DAYBOOK_DEMO: 'off' });
}

async function start(): Promise<void> {
  up = daybook('up');
  await once(up, () => up.out().includes('Daybook is ready'));
}

interface Summary {
  readonly added: number;
  readonly alreadyThere: number;
  readonly rejected: number;
  readonly refused: object;
}

async function summaryOf(it: Run): Promise<Summary> {
  expect({ code: await it.ended, out: it.out() }).toMatchObject({ code: 0 });
  return JSON.parse(it.out()) as Summary;
}

function importing(file: string, ledger: string): Run {
  return daybook('import', file, '--ledger', ledger, '--json');
}

/** Resolves when the log holds so many events of this ledger; told by the log itself. */
async function logged(ledger: string, events: number): Promise<void> {
  const enough = new AbortController();
  const options = { streamPrefix: ledgerStream(ledger), after: undefined, signal: enough.signal };
  for await (const message of store.subscribe(options)) {
    if (!('kind' in message) && message.revision + 1 >= events) enough.abort();
  }
}

async function isBack(label: string, kill: () => void): Promise<void> {
  const said = `The ${label} is back.`;
  const before = up.err().split(said).length;
  kill();
  await once(up, () => up.err().split(said).length > before);
}

const killed = (process_: RegExp) => () => process.kill(pidBelow(up, process_), 'SIGKILL');

async function supervisorToo(): Promise<void> {
  up.process.kill('SIGKILL');
  await up.ended;
  await start();
}

/** Each kills, and resolves once what it killed is there again. */
const KILLS: readonly (readonly [ledger: string, what: string, kill: () => Promise<void>])[] = [
  [
    'event-node',
    'the event node',
    () => isBack('embedded event node', killed(PROCESSES.eventNode)),
  ],
  ['projector', 'the projector', () => isBack('projector', killed(PROCESSES.projector))],
  ['api', 'the API', () => isBack('API', killed(PROCESSES.api))],
  ['postgres', 'Postgres', () => isBack('embedded Postgres', killed(PROCESSES.postgres))],
  ['supervisor', 'the supervisor', supervisorToo],
];

describe(`kills during imports, seed ${SEED}`, () => {
  it.each(KILLS)('ledger %s: %s is killed, and nothing is lost', async (ledger, _what, kill) => {
    ledgers.push(ledger);
    await summaryOf(importing(files.accounts, ledger));
    const part = KILL_AT.earliest + random() * (KILL_AT.latest - KILL_AT.earliest);
    const it = importing(files.transfers, ledger);
    await logged(ledger, 1 + ACCOUNTS + Math.ceil(part * TRANSFERS));
    expect(it.process.exitCode).toBeNull();
    await kill();

    const first = await summaryOf(it);
    expect(first).toMatchObject({ rejected: 0, refused: {} });
    expect(first.added + first.alreadyThere).toBe(TRANSFERS);
    const again = await summaryOf(importing(files.transfers, ledger));
    expect(again).toMatchObject({ added: 0, alreadyThere: TRANSFERS, rejected: 0, refused: {} });
  });

  it('every transfer is in the log once, in the order of the file, and the chain is whole', async () => {
    expect(ledgers).toHaveLength(KILLS.length);
    for (const ledger of ledgers) {
      const posted: string[] = [];
      let hash = GENESIS_HASH;
      let due = 0;
      for await (const stored of store.readStream(ledgerStream(ledger), { from: 0 })) {
        expect(stored.revision).toBe(due);
        expect(brokenLink(hash, stored)).toBeUndefined();
        const { event, metadata } = decode(stored);
        if (event.type === 'TransferPosted') posted.push(event.data.id);
        hash = metadata.hash;
        due += 1;
      }
      expect(posted).toEqual(rows.map(({ id }) => id));
      expect(due).toBe(1 + ACCOUNTS + TRANSFERS);
    }
  });

  it('the read models are what the file adds up to, to the cent', async () => {
    for (const ledger of ledgers) {
      await caughtUp(pool, store, ledger);
      expect(await accountsOf(ledger)).toEqual(sumsOfFile());
      expect(await journalOf(ledger)).toEqual(journalOfFile());
    }
    const agreeing = { agrees: true, currencies: [{ currency: 'EUR', difference: '0.00' }] };
    expect(await trialBalances()).toMatchObject(ledgers.map(() => ({ data: agreeing })));
  });

  it('a rebuild from the log gives the same rows', async () => {
    const before = await everyRow();
    const empty = Object.keys(before).filter((view) => before[view]?.count === 0);
    // Imports make plain transfers, and these here are all made.
    expect(empty.sort()).toEqual(['exchange', 'refusal', 'transfer_act']);
    const rebuilt = daybook('projections', 'rebuild', '--all', '--json');
    expect({ code: await rebuilt.ended, err: rebuilt.err() }).toMatchObject({ code: 0 });
    expect(await everyRow()).toEqual(before);
  });
});

interface Sums {
  readonly address: string;
  readonly debits: string;
  readonly credits: string;
  readonly balance: string;
  /** Changes: the opening, and one for every transfer. */
  readonly version: number;
}

function sumsOfFile(): Sums[] {
  return addresses.toSorted().map((address) => {
    const cents = (side: 'debit' | 'credit') =>
      rows.filter((row) => row[side] === address).reduce((sum, row) => sum + row.cents, 0);
    const [debits, credits] = [cents('debit'), cents('credit')];
    const touching = rows.filter(({ debit, credit }) => [debit, credit].includes(address));
    return {
      address,
      debits: euros(debits),
      credits: euros(credits),
      balance: euros(debits - credits),
      version: 1 + touching.length,
    };
  });
}

async function accountsOf(ledger: string): Promise<Sums[]> {
  const { rows: found } = await pool.query<Sums>(
    `SELECT address, posted_debits AS debits, posted_credits AS credits, balance,
       version::int AS version
     FROM reporting.account WHERE ledger = $1 ORDER BY address`,
    [ledger],
  );
  return found;
}

/** Each entry as `<transfer> <side> <account> <amount> <balance after it>`, in the order of the journal. */
function journalOfFile(): string[] {
  const balances = new Map(addresses.map((address) => [address, 0]));
  const entry = ({ id, cents }: Row, side: string, account: string, change: number) => {
    const balance = (balances.get(account) ?? 0) + change;
    balances.set(account, balance);
    return `${id} ${side} ${account} ${euros(cents)} ${euros(balance)}`;
  };
  return rows.flatMap((row) => [
    entry(row, 'debit', row.debit, row.cents),
    entry(row, 'credit', row.credit, -row.cents),
  ]);
}

async function journalOf(ledger: string): Promise<string[]> {
  const { rows: found } = await pool.query<{ line: string }>(
    `SELECT concat_ws(' ', transfer_id, side, account, amount, balance) AS line
     FROM reporting.entry WHERE ledger = $1 ORDER BY revision, leg, side DESC`,
    [ledger],
  );
  return found.map(({ line }) => line);
}

async function trialBalances(): Promise<unknown[]> {
  const token = daybook('token', '--role', 'admin');
  expect(await token.ended).toBe(0);
  const headers = { authorization: `Bearer ${token.out().trim()}` };
  return Promise.all(
    ledgers.map(async (ledger): Promise<unknown> => {
      const url = `${runtimeOf(folder).apiUrl}/v1/ledgers/${ledger}/trial-balance`;
      return (await fetch(url, { headers })).json();
    }),
  );
}

/** For every view of `reporting`, how many rows it has, and a digest over all of them. */
async function everyRow(): Promise<Record<string, { count: number; digest: string }>> {
  const views = READ_MODELS.flatMap((model) => model.views.map(({ name }) => name));
  const digests = await Promise.all(
    views.map(async (view) => {
      const { rows: found } = await pool.query<{ count: number; digest: string }>(
        `SELECT count(*)::int AS count, md5(string_agg(line, E'\\n' ORDER BY line)) AS digest
         FROM (SELECT shown::text COLLATE "C" AS line FROM reporting.${view} AS shown) AS lines`,
      );
      return [view, found[0] ?? { count: 0, digest: '' }] as const;
    }),
  );
  return Object.fromEntries(digests);
}
